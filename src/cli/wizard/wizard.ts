import { intro, log, multiline, outro, select, text } from '@clack/prompts';
import { checkNewTask, quickTask, quickTasks } from '../../app/quick/quickTasks.js';
import type { CreateTaskInput } from '../../app/tasks/taskInputs.js';
import { OrchestratorError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import { QUICK_SYNTAX } from '../../core/quick/quickLine.js';
import type { CliContext } from '../context.js';
import type { Session } from '../session.js';
import { answered, complaint, Left } from './answers.js';
import { askTask } from './askTask.js';
import { askTemplate } from './askTemplate.js';

type Way = 'quick' | 'batch' | 'custom' | 'template';

/** Asks at the terminal. Leaving it (Escape, Ctrl-C) throws away what was not confirmed. */
export async function runWizard(context: CliContext, session: Session, start: Way | 'menu'): Promise<void> {
  intro(`Task Orchestrator · ${plain(session.location.root)}`);
  let created = 0;
  try {
    if (start !== 'menu') created += await WAYS[start](context, session);
    else {
      for (let way = await askWay(); way !== 'exit'; way = await askWay()) created += await WAYS[way](context, session);
    }
  } catch (error) {
    if (!(error instanceof Left)) throw error;
    if (created === 0) throw new OrchestratorError('EXECUTION_DISABLED', 'Cancelled: nothing was created.');
    outro('Left; what was created before stays.');
    return;
  }
  outro(created === 0 ? 'Nothing was created.' : `${created} created.`);
}

const WAYS: Readonly<Record<Way, (context: CliContext, session: Session) => Promise<number>>> = {
  quick: async (_context, session) => {
    const { plan } = session;
    const line = answered(
      await text({
        message: QUICK_SYNTAX,
        placeholder: 'Fix login #auth @ann !high ^friday [Only on Safari]',
        validate: (given) => complaint(() => checkNewTask(quickTask(given ?? ''), plan.now())),
      }),
    );
    return create(session, [quickTask(line)]);
  },
  batch: async (_context, session) => {
    const { plan } = session;
    const lines = answered(
      await multiline({
        message: `One task a line: ${QUICK_SYNTAX}. Two returns end it.`,
        validate: (given) => complaint(() => quickTasks(given ?? '', plan.now())),
      }),
    );
    return create(session, quickTasks(lines, plan.now()));
  },
  custom: async (_context, session) => {
    const task = await askTask(session);
    return task === undefined ? 0 : create(session, [task]);
  },
  template: async (_context, session) => {
    const applied = await askTemplate(session);
    for (const task of applied?.tasks ?? []) log.success(`Created task ${task.id}: ${plain(task.title)}`);
    return applied?.total ?? 0;
  },
};

async function askWay(): Promise<Way | 'exit'> {
  return answered(
    await select<Way | 'exit'>({
      message: 'What is to be created?',
      options: [
        { value: 'template', label: 'From a template', hint: 'many tasks with their dependencies' },
        { value: 'custom', label: 'A task', hint: 'field by field' },
        { value: 'batch', label: 'Several tasks', hint: 'one a line' },
        { value: 'exit', label: 'Exit' },
      ],
    }),
  );
}

async function create({ tasks }: Session, inputs: readonly CreateTaskInput[]): Promise<number> {
  const created = await tasks.createAll(inputs);
  for (const task of created) log.success(`Task created: ${task.id} (${task.name})  ${plain(task.title)}`);
  return created.length;
}
