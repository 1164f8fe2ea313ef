import { InvalidInputError, OrchestratorError } from '../../core/model/errors.js';
import { taskName } from '../../core/model/taskId.js';
import { parseInput } from '../input.js';
import { changeTask } from '../tasks/changeTask.js';
import type { Tasks } from '../tasks/tasks.js';
import { type FeedbackInput, type FeedbackView, feedbackInput } from './feedbackInputs.js';

/**
 * Records what somebody thinks of a completed task. Throws NOT_FOUND, INVALID_INPUT where there is no score and no note,
 * INVALID_TRANSITION for a task that is not completed and for one that has feedback, unless that is to be replaced:
 * then what is not given stays.
 */
export async function recordFeedback(tasks: Tasks, input: FeedbackInput): Promise<FeedbackView> {
  const { task, quality, timeliness, note, replace } = parseInput(feedbackInput, input);
  if (quality === undefined && timeliness === undefined && note === undefined)
    throw new InvalidInputError('feedback', 'Nothing to record: give --quality, --timeliness or --note.');
  let replaced = false;
  await tasks.change({ task }, (transaction, before) => {
    const name = taskName(before.number);
    if (before.status !== 'completed') {
      throw new OrchestratorError('INVALID_TRANSITION', `${name} is not completed. Feedback is for finished work.`, {
        task: before.id,
        status: before.status,
      });
    }
    replaced = before.feedback !== undefined;
    if (replaced && !replace) {
      throw new OrchestratorError('INVALID_TRANSITION', `${name} already has feedback. --replace changes it.`, {
        task: before.id,
        feedback: before.feedback,
      });
    }
    changeTask(transaction, before.id, {
      ...(quality !== undefined && { feedback_quality: quality }),
      ...(timeliness !== undefined && { feedback_timeliness: timeliness }),
      ...(note !== undefined && { feedback_notes: note }),
    });
  });
  const after = tasks.read(task);
  return {
    task: after.id,
    name: taskName(after.number),
    quality: after.feedback?.quality ?? null,
    timeliness: after.feedback?.timeliness ?? null,
    note: after.feedback?.note ?? null,
    replaced,
  };
}
