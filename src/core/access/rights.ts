import { type Claim, isLive } from '../model/claim.js';

/** What decides who may change a task. */
export interface Ownership {
  readonly createdBy: string;
  readonly assignee?: string | undefined;
  readonly claim?: Claim | undefined;
}

/** The creator where another program named none. */
const UNKNOWN = 'user';

/** Whether the policy `owner` lets somebody delete a task: its creator only. */
export function mayDelete({ createdBy }: Pick<Ownership, 'createdBy'>, actor: string): boolean {
  return createdBy === actor || createdBy === UNKNOWN;
}

/** Whether it lets somebody change one: its creator, its assignee, and who holds its claim at `now`. */
export function mayUpdate(task: Ownership, actor: string, now: string): boolean {
  return mayDelete(task, actor) || task.assignee === actor || (isLive(task.claim, now) && task.claim.by === actor);
}

/** Whether it lets somebody claim one: who may change it, and anybody where it is nobody's and not held. */
export function mayClaim(task: Ownership, actor: string, now: string): boolean {
  if (mayUpdate(task, actor, now) || task.claim?.by === actor) return true;
  return task.assignee === undefined && !isLive(task.claim, now);
}

/** Who may change a task, for a refusal: `ann, its creator`. */
export function whoMay(what: 'update' | 'delete', task: Ownership, now: string): readonly string[] {
  const creator = `${task.createdBy}, its creator`;
  if (what === 'delete') return [creator];
  return [
    creator,
    ...(task.assignee !== undefined ? [`${task.assignee}, its assignee`] : []),
    ...(isLive(task.claim, now) ? [`${task.claim.by}, who has claimed it`] : []),
  ];
}
