import { counted } from '../../../core/model/counted.js';
import type { TaskSummary } from '../../../core/model/task.js';
import { taskName } from '../../../core/model/taskId.js';
import type { Blocker, Ranking, Relaxation } from '../../../core/planning/nextTask/choose.js';

const MOST_NAMED = 3;

/** What parameters are called by those who give them. */
export type ParameterNames = Readonly<Record<string, string>>;

/** Why there is no next task, and what would help. `read` gives a task by its id. */
export function noneSentence(
  { reason, blockers, relaxations, ready, open }: Ranking,
  read: (id: string) => Pick<TaskSummary, 'number' | 'claim'> | undefined,
  names: ParameterNames,
): string {
  if (reason === 'none_match') {
    const tasks = ready === 1 ? 'The ready task does not fit' : `None of the ${ready} ready tasks fits`;
    const words = relaxations.slice(0, MOST_NAMED).map((one) => relaxationWords(one, names));
    return `${tasks}: ${words.join('; ')}.`;
  }
  if (reason !== 'all_blocked') return 'Nothing is ready.';
  const named = blockers.slice(0, MOST_NAMED).map((blocker) => blockerWords(blocker, read(blocker.id)));
  const more = blockers.length > MOST_NAMED ? '; and more' : '';
  return `Nothing is ready of ${counted(open, 'open task')}: ${named.join('; ')}${more}.`;
}

function relaxationWords({ constraints, values, to, admits }: Relaxation, names: ParameterNames): string {
  const named = constraints.map((name, at) => `${names[name] ?? name} ${to ?? values[at]}`);
  const together = named.length > 1 ? ', and none without only one of them' : '';
  return `${admits} would ${to === null ? 'without' : 'with'} ${named.join(' and ')}${together}`;
}

function blockerWords({ state, waiting }: Blocker, task: Pick<TaskSummary, 'number' | 'claim'> | undefined): string {
  const name = task ? taskName(task.number) : 'a task';
  const words: Record<Blocker['state'], string> = {
    in_progress: `${name} is in progress`,
    claimed: `${name} is claimed${task?.claim ? ` by ${task.claim.by}` : ''}`,
    blocked: `${name} is blocked`,
    scheduled: `${name} is for later`,
    needs_decision: `${name} needs a decision, as what it depends on was cancelled`,
    archived: `${name} is archived`,
    cycle: `${name} is in a cycle of dependencies`,
  };
  return waiting === 0 ? words[state] : `${words[state]} (${counted(waiting, 'waits', 'wait')} for it)`;
}
