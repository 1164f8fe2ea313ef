import * as vscode from 'vscode';
import type { Orchestrator } from '../../app/orchestrator.js';
import { timeContext } from '../../app/tasks/taskInputs.js';
import type { StatusChange } from '../../app/tasks/tasks.js';
import type { TaskView } from '../../app/tasks/taskView.js';
import type { Status } from '../../core/model/status.js';
import { checkTags, checkTitle } from '../../core/model/task.js';
import { taskName } from '../../core/model/taskId.js';
import { parseTime } from '../../core/model/time.js';
import type { Descriptions } from '../editor/descriptions.js';
import type { Handlers } from '../manifest.js';
import type { Offer } from '../status/offer.js';
import type { ReadyStatus } from '../status/readyStatus.js';
import { say } from '../status/say.js';
import type { TaskTree } from '../tree/taskTree.js';
import { priorityLabel, statusLabel } from '../words.js';
import type { PlanFolders, TaskAddress } from '../workspace/planFolders.js';
import { CreateTaskWizard, type NewTask, suggestedTitle } from './createTask.js';
import { pickTask, priorityItems, selectedPlace } from './pickers.js';
import { messageOf } from './steps.js';
import type { Target } from './target.js';

interface Parts {
  readonly folders: PlanFolders;
  readonly tree: TaskTree;
  readonly target: Target;
  readonly descriptions: Descriptions;
  readonly ready: ReadyStatus;
  readonly offer: Offer;
  /** Opens a task's first reference, if it has one. */
  readonly openFirstReference: (address: TaskAddress) => Promise<void>;
}

/** Commands about tasks: creating, finding, changing, removing. */
export function taskCommands({
  folders,
  tree,
  target,
  descriptions,
  ready,
  offer,
  openFirstReference,
}: Parts): Handlers {
  const { t } = vscode.l10n;

  const create = async (start: NewTask = {}, folderOf?: TaskAddress) => {
    const folder = folderOf?.folder ?? (await folders.choose());
    if (!folder) {
      void vscode.window.showInformationMessage(t('Open a folder first: its plan is kept beside its files.'));
      return;
    }
    const task = await new CreateTaskWizard(folder, tree, start).run();
    if (task) say(t('{0} created', task.name));
  };

  const onTask = target.onTask.bind(target);

  const setStatus = async (plan: Orchestrator, { task }: TaskAddress, status: Status, reason?: string) =>
    saySettled(plan, await plan.tasks.setStatus({ task, status, reason }), status);

  /** A status that wants a reason. */
  const withReason = (status: 'blocked' | 'cancelled', placeholder: string, prompt: string) =>
    onTask(placeholder, async (plan, address) => {
      const reason = await vscode.window.showInputBox({ prompt });
      if (reason !== undefined) await setStatus(plan, address, status, reason.trim() || undefined);
    });

  /** A command that asks for one text and stores it. */
  const edit = (
    placeholder: string,
    ask: (task: TaskView) => vscode.InputBoxOptions,
    store: (text: string) => Omit<Parameters<Orchestrator['tasks']['update']>[0], 'task'>,
  ) =>
    onTask(placeholder, async (plan, { task }) => {
      const text = await vscode.window.showInputBox(ask(plan.tasks.get(task)));
      if (text !== undefined) await plan.tasks.update({ task, ...store(text.trim()) });
    });

  return {
    'taskOrchestrator.task.create': () => create(),
    'taskOrchestrator.task.createFromSelection': async () => {
      const editor = vscode.window.activeTextEditor;
      const folder = editor && folders.of(editor.document.uri);
      const place = folder && selectedPlace(folder);
      if (!editor || !folder || !place) {
        void vscode.window.showInformationMessage(t('Select lines in a file of the workspace first.'));
        return;
      }
      await create({ place, title: await suggestedTitle(editor) }, { folder, task: '' });
    },
    'taskOrchestrator.task.createSubtask': onTask(t('Task to add a subtask to'), (_plan, address) =>
      create({ parent: address.task }, address),
    ),
    'taskOrchestrator.task.goTo': async () => {
      const address = await target.pick(t('Go to task: number, title, tag or assignee'));
      if (!address) return;
      await tree.reveal(address, { focus: true, expand: true });
      await openFirstReference(address);
    },
    'taskOrchestrator.task.reveal': async (...args) => {
      const address = target.named(args);
      if (address) await tree.reveal(address, { focus: true });
    },
    'taskOrchestrator.task.open': async (...args) => {
      const address = target.named(args);
      if (!address) return;
      await tree.reveal(address, { focus: true, expand: true });
      await openFirstReference(address);
    },
    'taskOrchestrator.task.openNext': async () => {
      const address = await ready.next();
      if (!address) {
        say(t('No task is ready'));
        return;
      }
      await tree.reveal(address, { focus: true, expand: true });
      await openFirstReference(address);
    },
    'taskOrchestrator.task.setStatus': onTask(t('Task to change'), async (plan, address) => {
      const items = plan.tasks.legalStatuses(address.task).map((status) => ({ label: statusLabel(status), status }));
      const picked = await vscode.window.showQuickPick(items, { placeHolder: t('Status') });
      if (!picked) return;
      if (picked.status === 'blocked' || picked.status === 'cancelled') {
        const reason = await vscode.window.showInputBox({ prompt: t('Why? (may be left empty)') });
        if (reason !== undefined) await setStatus(plan, address, picked.status, reason.trim() || undefined);
      } else await setStatus(plan, address, picked.status);
    }),
    'taskOrchestrator.task.start': onTask(t('Task to start'), (plan, address) =>
      setStatus(plan, address, 'in_progress'),
    ),
    'taskOrchestrator.task.complete': onTask(t('Task to complete'), (plan, address) =>
      setStatus(plan, address, 'completed'),
    ),
    'taskOrchestrator.task.reopen': onTask(t('Task to reopen'), (plan, address) => setStatus(plan, address, 'pending')),
    'taskOrchestrator.task.block': withReason('blocked', t('Task that is blocked'), t('What blocks it?')),
    'taskOrchestrator.task.cancel': withReason('cancelled', t('Task to cancel'), t('Why is it cancelled?')),
    'taskOrchestrator.task.toggleDone': onTask(t('Task to complete or reopen'), (plan, address) => {
      const done = plan.plan.graph.require(address.task).task.status === 'completed';
      return setStatus(plan, address, done ? 'pending' : 'completed');
    }),
    'taskOrchestrator.task.rename': edit(
      t('Task to rename'),
      (task) => ({ value: task.title, prompt: t('Title'), validateInput: (text) => messageOf(checkTitle, text) }),
      (title) => ({ title }),
    ),
    'taskOrchestrator.task.editDescription': onTask(t('Task to describe'), (_plan, address) =>
      descriptions.open(address),
    ),
    'taskOrchestrator.task.setPriority': onTask(t('Task to change'), async (plan, { task }) => {
      const current = plan.tasks.get(task).priority;
      const items = priorityItems().map((item) => ({
        ...item,
        description: item.priority === current ? t('now') : '',
      }));
      const picked = await vscode.window.showQuickPick(items, {
        placeHolder: t('Priority, {0} now', priorityLabel(current)),
      });
      if (picked) await plan.tasks.update({ task, priority: picked.priority });
    }),
    'taskOrchestrator.task.assign': edit(
      t('Task to assign'),
      (task) => ({ value: task.assignee ?? '', prompt: t('Who does it? A person or an agent; empty for nobody') }),
      (assignee) => ({ assignee: assignee || null }),
    ),
    'taskOrchestrator.task.setTags': edit(
      t('Task to tag'),
      (task) => ({
        value: task.tags.join(' '),
        prompt: t('Tags, separated by spaces'),
        validateInput: (text) => messageOf((value) => checkTags(words(value)), text),
      }),
      (text) => ({ tags: words(text) }),
    ),
    'taskOrchestrator.task.setDueDate': edit(
      t('Task to change'),
      (task) => dateBox(t('Due date, such as 2026-12-01; empty for none'), task.due),
      (due) => ({ due: due || null }),
    ),
    'taskOrchestrator.task.setNotBefore': edit(
      t('Task to change'),
      (task) => dateBox(t('Not to be started before, such as 2026-12-01; empty for any time'), task.notBefore),
      (notBefore) => ({ notBefore: notBefore || null }),
    ),
    'taskOrchestrator.task.setEstimate': edit(
      t('Task to estimate'),
      (task) => ({
        value: task.estimatedHours?.toString() ?? '',
        prompt: t('Estimated hours; empty for none'),
        validateInput: (text) =>
          text.trim() === '' || (Number(text) > 0 && Number.isFinite(Number(text)))
            ? undefined
            : t('“{0}” is not a number of hours above 0.', text),
      }),
      (text) => ({ estimatedHours: text === '' ? null : Number(text) }),
    ),
    'taskOrchestrator.task.setParent': onTask(t('Task to move'), async (plan, { task }) => {
      const none = '';
      const others = plan.plan.graph
        .tasks()
        .flatMap((other) => (other.id === task || other.archivedAt ? [] : [other.id]));
      const parent = await pickTask(plan, others, t('Task that it is a part of (Escape changes nothing)'), {
        active: plan.tasks.get(task).parent ?? none,
      });
      if (parent !== undefined) await plan.tasks.update({ task, parent });
    }),
    'taskOrchestrator.task.copyId': onTask(t('Task whose id to copy'), async (_plan, { task }) => {
      await vscode.env.clipboard.writeText(task);
      say(t('{0} copied', task));
    }),
    'taskOrchestrator.task.delete': onTask(t('Task to delete'), async (plan, address) => {
      const { name, id } = await plan.tasks.delete(address.task, { force: true });
      offer.undo(t('{0} deleted', name), 'taskOrchestrator.task.restore', address.folder.key, id);
    }),
  };

  function dateBox(prompt: string, value: string | undefined): vscode.InputBoxOptions {
    return {
      prompt,
      value: value?.replace('T00:00:00.000Z', '') ?? '',
      validateInput: (text) => (text.trim() === '' ? undefined : messageOf(checkDate, text)),
    };
  }
}

function checkDate(text: string): string {
  return parseTime('date', text, timeContext(new Date().toISOString()));
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

/** Says in the status bar what a change of status brought: "T-14 done · T-15 and T-18 are ready". */
function saySettled(plan: Orchestrator, { task, released }: StatusChange, status: Status): void {
  const { t } = vscode.l10n;
  if (status !== 'completed') {
    say(`${task.name} · ${statusLabel(status)}`);
    return;
  }
  const names = released.map((id) => taskName(plan.plan.graph.require(id).task.number));
  const list = new Intl.ListFormat(vscode.env.language, { type: 'conjunction' }).format(names);
  if (names.length === 0) say(t('{0} done', task.name));
  else
    say(
      names.length === 1
        ? t('{0} done · {1} is ready', task.name, list)
        : t('{0} done · {1} are ready', task.name, list),
    );
}
