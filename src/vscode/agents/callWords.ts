import type * as vscode from 'vscode';
import type { TaskView } from '../../app/tasks/taskView.js';
import type { Tool, Workbench } from '../../app/tools/tool.js';
import { parseDuration } from '../../core/model/claim.js';
import type { Priority } from '../../core/model/priority.js';
import type { Status } from '../../core/model/status.js';
import { escapeMarkdown } from '../escapeMarkdown.js';
import { fieldChanges } from './fieldChanges.js';

/** What a person reads of a call before it is made, and while it runs. */
export interface CallWords {
  /** While it runs. */
  readonly doing: string;
  /** What is asked first; absent where nothing is changed. */
  readonly ask?: { readonly title: string; readonly lines: readonly string[] };
}

/** The person's language. */
export interface Language {
  readonly t: typeof vscode.l10n.t;
  readonly status: (status: Status) => string;
  readonly priority: (priority: Priority) => string;
}

/** A tool's arguments, in the form of its schema. */
export type Input = Readonly<Record<string, unknown>>;

/** Of a longer text a question shows so many characters; the call has all of it. */
const SHOWN = 300;
/** Tasks that a question names; the rest is counted. */
const NAMED = 10;

/**
 * What a call would do, in words: which tasks, by key and title, what of them changes, and how that is taken back. Changes
 * nothing. Throws NOT_FOUND and AMBIGUOUS for tasks, as the call itself would.
 */
export async function callWords(tool: Tool, input: Input, bench: Workbench, language: Language): Promise<CallWords> {
  const words = new Words(tool, input, bench, language);
  return (await words.asks()) ?? { doing: words.reading() };
}

class Words {
  readonly #tool: Tool;
  readonly #input: Input;
  readonly #bench: Workbench;
  readonly #language: Language;

  constructor(tool: Tool, input: Input, bench: Workbench, language: Language) {
    this.#tool = tool;
    this.#input = input;
    this.#bench = bench;
    this.#language = language;
  }

  /** What is said of a call that changes nothing. */
  reading(): string {
    const { t } = this.#language;
    switch (this.#tool.name) {
      case 'get_task':
        return t('Reading {0}', this.#task().name);
      case 'list_tasks':
        return t('Listing the tasks');
      case 'search_tasks':
        return t('Searching the tasks for “{0}”', escapeMarkdown(cut(this.#text('query'), 80)));
      case 'changed_since':
        return t('Looking for what changed in the plan');
      case 'get_task_graph':
        return t('Reading the dependencies');
      case 'get_next_task':
        return t('Looking for the next task');
      case 'parse_prd':
        return t('Reading the requirements');
      case 'expand_task':
        return t('Breaking {0} down by the template', this.#task().name);
      default:
        return t('Working on the plan');
    }
  }

  /** What is asked before a call that changes something; undefined for others. */
  async asks(): Promise<CallWords | undefined> {
    switch (this.#tool.name) {
      case 'create_task':
        return this.#creating();
      case 'update_task':
        return this.#changing();
      case 'update_task_status':
        return this.#settingStatus();
      case 'delete_task':
        return this.#deleting();
      case 'next_work':
        return this.#claimingBest();
      case 'claim_task':
        return this.#claiming();
      case 'release_task':
        return this.#releasing();
      case 'add_dependency':
        return this.#linking();
      case 'link_file':
        return this.#referring();
      case 'analyze_complexity':
      case 'estimate_effort':
        return this.#analysing();
      case 'parse_prd':
        return this.#input.apply === true ? this.#planning() : undefined;
      case 'expand_task':
        return this.#expanding();
      default:
        return undefined;
    }
  }

  #creating(): CallWords {
    const { t } = this.#language;
    const { dependencies, parent } = this.#input;
    const { title: _, dependencies: __, parent: ___, ...fields } = this.#input;
    return this.#change(t('Creating a task'), t('Create a task?'), [
      `**${this.#quoted('title')}**`,
      ...this.#tasks(dependencies, (names) => t('Depends on {0}.', names)),
      ...(parent === undefined ? [] : [t('A subtask of {0}.', named(this.#task(parent)))]),
      ...fieldChanges(fields, undefined, this.#language, (text) => this.#shown(text)),
    ]);
  }

  #changing(): CallWords {
    const { t } = this.#language;
    const task = this.#task();
    const { remove_dependencies, parent, ...fields } = this.#input;
    return this.#change(t('Changing {0}', task.name), t('Change {0}?', task.name), [
      named(task),
      ...fieldChanges(fields, task, this.#language, (text) => this.#shown(text)),
      ...this.#tasks(remove_dependencies, (names) => t('Does not depend on {0} any more.', names)),
      ...(parent === null ? [t('Is no subtask any more.')] : []),
      ...(parent === undefined || parent === null ? [] : [t('Becomes a subtask of {0}.', named(this.#task(parent)))]),
    ]);
  }

  #settingStatus(): CallWords {
    const { t, status } = this.#language;
    const task = this.#task();
    const next = status(this.#input.status as Status);
    return this.#change(t('{0}: {1}', task.name, next), t('Change the status of {0}?', task.name), [
      named(task),
      t('Status: {0} → {1}', status(task.status), `**${next}**`),
      ...(this.#input.reason === undefined ? [] : [t('Reason: {0}', this.#quoted('reason'))]),
      ...(this.#input.summary === undefined ? [] : [t('Summary: {0}', this.#quoted('summary'))]),
      ...(this.#input.actual_hours === undefined ? [] : [t('Actual hours: {0}', String(this.#input.actual_hours))]),
    ]);
  }

  #deleting(): CallWords {
    const { t } = this.#language;
    const task = this.#task();
    const back = t('*Tasks: Restore Deleted Task…*, or `tm trash restore`, brings it back from the trash.');
    const lines = [
      named(task),
      ...this.#tasks(task.unblocks, (names) => t('{0} depends on it.', names)),
      ...(this.#input.cascade === true ? [t('It is deleted even if tasks depend on it.')] : []),
    ];
    return {
      doing: t('Moving {0} to the trash', task.name),
      ask: { title: t('Delete {0}?', task.name), lines: [...lines, back] },
    };
  }

  async #claimingBest(): Promise<CallWords> {
    const { t } = this.#language;
    const { project, required_tags, excluded_tags } = this.#input;
    const best = await this.#best();
    return this.#change(t('Claiming the next task'), t('Claim the next task?'), [
      t('The best ready task is claimed for {0}, so that nobody else takes it.', this.#duration()),
      best ? t('At present that is {0}.', named(best)) : t('At present there is none.'),
      ...(project === undefined ? [] : [t('Only of the project {0}.', this.#quoted('project'))]),
      ...list(required_tags, (tags) => t('Only with the tags {0}.', tags)),
      ...list(excluded_tags, (tags) => t('Without the tags {0}.', tags)),
    ]);
  }

  async #best(): Promise<TaskView | undefined> {
    const { plan, tasks, surroundings } = this.#bench;
    const { NextTask } = await import('../../app/planning/nextTask/nextTask.js');
    const { Claims } = await import('../../app/claims/claims.js');
    const { required_tags, excluded_tags, project } = this.#input as Record<string, string[] & string>;
    const chooser = new NextTask(plan, tasks, new Claims(plan, tasks), surroundings().environment);
    const [best] = chooser.choose({ required_tags, excluded_tags, project_id: project }).chosen;
    return best && tasks.get(best.task.id);
  }

  #claiming(): CallWords {
    const { t } = this.#language;
    const task = this.#task();
    const { renew, take_over, reason } = this.#input;
    const holder = task.claim && !task.claim.expired ? escapeMarkdown(task.claim.by) : undefined;
    const lines =
      renew === true
        ? [t('Its claim is extended to {0} from now.', this.#duration())]
        : [t('It is claimed for {0}, so that nobody else takes it.', this.#duration())];
    if (take_over === true && holder !== undefined) lines.push(t('**It is taken from {0}**, who holds it.', holder));
    if (reason !== undefined) lines.push(t('Reason: {0}', this.#quoted('reason')));
    const title = take_over === true ? t('Take {0} over?', task.name) : t('Claim {0}?', task.name);
    return this.#change(t('Claiming {0}', task.name), title, [named(task), ...lines]);
  }

  #releasing(): CallWords {
    const { t } = this.#language;
    const task = this.#task();
    const lines = [named(task), t('It becomes free for others.')];
    return this.#change(t('Releasing {0}', task.name), t('Release {0}?', task.name), lines);
  }

  #linking(): CallWords {
    const { t } = this.#language;
    const [task, other] = [this.#task(), this.#task(this.#input.depends_on)];
    const lines = [t('{0} will wait for {1}.', named(task), named(other)), t('Kind: {0}', this.#quoted('type'))];
    const doing = t('Making {0} depend on {1}', task.name, other.name);
    return this.#change(doing, t('Make {0} depend on {1}?', task.name, other.name), lines);
  }

  #referring(): CallWords {
    const { t } = this.#language;
    const task = this.#task();
    const { line, end_line, context } = this.#input;
    const lines = [line, end_line].filter((one) => one !== undefined).join('–');
    return this.#change(t('Linking a file to {0}', task.name), t('Link a file to {0}?', task.name), [
      named(task),
      t('File: {0}', `${this.#quoted('path')}${lines === '' ? '' : `:${lines}`}`),
      ...(context === undefined ? [] : [this.#quoted('context')]),
    ]);
  }

  #analysing(): CallWords {
    const { t } = this.#language;
    const task = this.#task();
    const kept = t('The files and the history of the project are read. The result is kept with the task.');
    return this.#tool.name === 'estimate_effort'
      ? this.#change(t('Estimating {0}', task.name), t('Estimate {0}?', task.name), [named(task), kept])
      : this.#change(t('Analysing {0}', task.name), t('Analyse {0}?', task.name), [named(task), kept]);
  }

  async #planning(): Promise<CallWords> {
    const { t } = this.#language;
    const { counts, source } = await this.#tool.call(this.#bench, { ...this.#input, apply: false });
    const numbers = Object.entries(counts as Record<string, number>).map(
      ([what, count]) => `${escapeMarkdown(what)}: ${count}`,
    );
    const lines = [t('From the document {0}.', escapeMarkdown(cut(String(source), SHOWN))), numbers.join(' · ')];
    return this.#change(t('Making tasks from the requirements'), t('Make tasks from this document?'), lines);
  }

  #expanding(): CallWords | undefined {
    const { t } = this.#language;
    const task = this.#task();
    const { apply, proposal, provider, items } = this.#input;
    const asking = proposal === undefined && provider !== 'template';
    if (apply !== true && !asking) return undefined;
    const asked =
      provider === 'auto'
        ? t('The first model that can be asked is sent the task, and what it is about.')
        : t('{0} is sent the task, and what it is about.', this.#quoted('provider'));
    const lines = [named(task), ...(asking ? [asked] : [])];
    const doing = t('Breaking {0} down', task.name);
    if (apply !== true)
      return {
        doing,
        ask: { title: t('Ask a model about {0}?', task.name), lines: [...lines, t('Nothing is changed.')] },
      };
    const some = list(items, (ids) => t('Only these of the proposal become tasks: {0}.', ids));
    return this.#change(doing, t('Break {0} down into tasks?', task.name), [
      ...lines,
      ...(some.length > 0 ? some : [t('What is proposed becomes tasks.')]),
    ]);
  }

  /** A change, and how it is taken back. */
  #change(doing: string, title: string, lines: readonly string[]): CallWords {
    const back = this.#language.t('*Tasks: Undo Last Task Change*, or `tm undo`, takes it back.');
    return { doing, ask: { title, lines: [...lines, back] } };
  }

  #task(name: unknown = this.#input.task_id): TaskView {
    return this.#bench.tasks.get(String(name));
  }

  #tasks(names: unknown, sentence: (names: string) => string): string[] {
    if (!Array.isArray(names) || names.length === 0) return [];
    const shown = names.slice(0, NAMED).map((name) => named(this.#task(name)));
    const rest = names.length - shown.length;
    return [sentence([...shown, ...(rest > 0 ? [this.#language.t('{0} more', rest)] : [])].join(', '))];
  }

  #text(field: string): string {
    return String(this.#input[field] ?? '');
  }

  #quoted(field: string): string {
    return this.#shown(this.#text(field));
  }

  #shown(text: string): string {
    const { t } = this.#language;
    const rest = text.length - SHOWN;
    const more = rest > 0 ? ` ${t('… and {0} more characters', rest)}` : '';
    return `${escapeMarkdown(cut(text, SHOWN))}${more}`;
  }

  #duration(): string {
    const text = this.#text('for');
    // A claim of a length that cannot be is refused before anybody is asked.
    parseDuration(text);
    return escapeMarkdown(text);
  }
}

/** `**T-4** Title`. */
function named({ name, title }: Pick<TaskView, 'name' | 'title'>): string {
  return `**${name}** ${escapeMarkdown(title)}`;
}

function list(values: unknown, sentence: (values: string) => string): string[] {
  return Array.isArray(values) && values.length > 0
    ? [sentence(values.map((one) => escapeMarkdown(String(one))).join(', '))]
    : [];
}

function cut(text: string, length: number): string {
  return text.length > length ? text.slice(0, length) : text;
}
