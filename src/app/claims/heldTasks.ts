import type { Claim } from '../../core/model/claim.js';
import type { TaskSummary } from '../../core/model/task.js';
import { type TaskId, taskName } from '../../core/model/taskId.js';
import type { Plan } from '../plan.js';

/** A task that the actor held, and who holds it now. */
export interface LostTask {
  readonly task: TaskSummary;
  readonly claim: Claim;
  /** Says so, with the reason that was left for the actor. */
  readonly message: string;
}

/** Follows which tasks the actor holds, so that the loss of one is noticed once. */
export class HeldTasks {
  readonly #plan: Plan;
  readonly #held = new Set<TaskId>();

  constructor(plan: Plan) {
    this.#plan = plan;
    for (const task of plan.graph.tasks()) if (this.#isHeld(task)) this.#held.add(task.id);
  }

  /** Compares changed tasks with what is known of them: those that somebody else holds by now. */
  compare(changed: Iterable<TaskId>): LostTask[] {
    const lost: LostTask[] = [];
    for (const id of changed) {
      const task = this.#plan.graph.get(id)?.task;
      if (task && this.#isHeld(task)) this.#held.add(id);
      else if (this.#held.delete(id) && task?.claim) lost.push(this.#toLost(task, task.claim));
    }
    return lost;
  }

  #toLost(task: TaskSummary, claim: Claim): LostTask {
    const word = this.#plan.store.get<{ message: string }>(
      'SELECT message FROM notifications WHERE task_id = ? AND target_agent = ? AND created_at = ?',
      [task.id, this.#plan.world.actor(), claim.at],
    );
    return { task, claim, message: word?.message ?? `${taskName(task.number)} is now held by ${claim.by}.` };
  }

  /** Who the actor is, is asked only where there is a claim. */
  #isHeld({ claim }: TaskSummary): boolean {
    return claim !== undefined && claim.by === this.#plan.world.actor();
  }
}
