import * as z from 'zod';
import { NotFoundError } from '../../core/model/errors.js';
import { Claims } from '../claims/claims.js';
import { schema } from '../input.js';
import type { NextTask } from '../planning/nextTask/nextTask.js';
import type { NextTaskInput } from '../planning/nextTask/nextTaskInputs.js';
import { cutReply, fullParameter, message, taskParameter } from './parameters.js';
import { taskMentionShape, taskShape, toMention, toShape } from './taskShape.js';
import { defineTool, SETS, type Tool, type Workbench } from './tool.js';

/** How often to look again where others were faster. */
const MOST_ATTEMPTS = 5;

const lasts = schema(() => z.string().default('30m').describe('90s, 30m, 2h'));

const claimTask = defineTool({
  name: 'claim_task',
  title: 'Claim a task',
  description: 'Claim one task, so that nobody else takes it. next_work claims the best one.',
  set: 'core',
  annotations: SETS,
  input: () =>
    z.strictObject({
      task_id: taskParameter(),
      for: lasts(),
      renew: z.boolean().default(false).describe('Extend your own claim'),
      take_over: z.boolean().default(false).describe('Ask a person first'),
      reason: z.string().optional(),
    }),
  output: () => z.object({ task: taskShape(), message, ...cutReply }),
  run: async (bench, { task_id, for: lasting, renew, take_over, reason }) => {
    const claims = new Claims(bench.plan, bench.tasks);
    const view = renew
      ? await claims.renew({ task: task_id, for: lasting })
      : await claims.claim({ task: task_id, for: lasting, takeOver: take_over, reason });
    const { claim } = view;
    const until = claim ? ` until ${claim.expiresAt} (lease ${claim.version})` : '';
    return { task: toShape(bench, view), message: `${view.name} is yours${until}.` };
  },
});

const releaseTask = defineTool({
  name: 'release_task',
  title: 'Release a claim',
  description: 'Give up your claim on a task. Completing it releases it too.',
  set: 'core',
  annotations: SETS,
  input: () => z.strictObject({ task_id: taskParameter(), lease: z.int().min(1).optional() }),
  output: () => z.object({ task: taskShape(), message, ...cutReply }),
  run: async (bench, { task_id, lease }) => {
    const view = await new Claims(bench.plan, bench.tasks).release({ task: task_id, lease });
    return { task: toShape(bench, view), message: `${view.name} is free again.` };
  },
});

const nextWork = defineTool({
  name: 'next_work',
  title: 'Get the next work',
  description:
    'Claim the best ready task and get it with its criteria, the outcome of its dependencies, code at its references, related tasks. If task is null, reason says why.',
  set: 'core',
  annotations: { ...SETS, idempotentHint: false },
  input: () =>
    z.strictObject({
      required_tags: z.array(z.string()).optional(),
      excluded_tags: z.array(z.string()).optional(),
      project: z.string().optional(),
      for: lasts(),
      full: fullParameter(),
    }),
  output: () =>
    z.object({
      task: taskShape().nullable(),
      why: z.string().optional(),
      dependencies: z
        .array(
          taskMentionShape().extend({
            completion_summary: z.string().optional(),
            impact_notes: z.string().optional(),
          }),
        )
        .optional(),
      excerpts: z
        .array(
          z.object({
            path: z.string(),
            line: z.number().optional(),
            end_line: z.number().optional(),
            state: z.string(),
            context: z.string().optional(),
            from: z.number().describe('Line that the text begins with'),
            text: z.string(),
          }),
        )
        .optional(),
      related: z.array(taskMentionShape().extend({ because: z.string() })).optional(),
      reason: z.enum(['empty', 'all_blocked', 'none_match']).optional(),
      blockers: z.array(taskMentionShape()).optional().describe('What is in the way'),
      message,
      ...cutReply,
    }),
  run: async (bench, { required_tags, excluded_tags, project, for: lasting }) => {
    const { plan, tasks, surroundings } = bench;
    const { NextTask } = await import('../planning/nextTask/nextTask.js');
    const chooser = new NextTask(plan, tasks, new Claims(plan, tasks), surroundings().environment);
    const input = { required_tags, excluded_tags, project_id: project };
    for (let attempt = 1; ; attempt += 1) {
      const claimed = await claimBest(chooser, input, lasting);
      if (claimed?.task) return packageOf(bench, claimed.task.id, claimed.selection.reasoning.primaryReason);
      const { selection, message } = chooser.select(input);
      // One became ready meanwhile: it is to be had.
      if (selection.reason === undefined && attempt < MOST_ATTEMPTS) continue;
      const blockers = selection.blockers.flatMap(({ id }) => plan.graph.get(id)?.task ?? []);
      const mentions = blockers.map((task) => toMention(bench, task, plan.graph));
      return { task: null, reason: selection.reason, blockers: mentions, message };
    }
  },
});

/** Undefined where there is nothing to be had. */
async function claimBest(chooser: NextTask, input: NextTaskInput, lasting: string) {
  try {
    return await chooser.claim(input, { for: lasting });
  } catch (error) {
    if (error instanceof NotFoundError && 'relaxations' in error.details) return undefined;
    throw error;
  }
}

async function packageOf(bench: Workbench, id: string, why: string) {
  const { plan, references, tasks } = bench;
  const { workPackage } = await import('../work/workPackage.js');
  const { outcomes, excerpts, related } = workPackage(plan, references, id);
  const view = tasks.get(id);
  const { graph } = plan;
  return {
    task: toShape(bench, view),
    why,
    dependencies: outcomes.map(({ task, summary, impactNotes }) => ({
      ...toMention(bench, task, graph),
      completion_summary: summary,
      impact_notes: impactNotes,
    })),
    excerpts: excerpts.map(({ place: { path, line, endLine, state, context }, from, text }) => ({
      ...{ path, line, end_line: endLine, state, context, from, text },
    })),
    related: related.map(({ task, because }) => ({ ...toMention(bench, task, graph), because })),
    message: `${view.name} is yours${view.claim ? ` until ${view.claim.expiresAt} (lease ${view.claim.version})` : ''}. Set it in_progress when you begin, completed with a summary when it is done, or release it.`,
  };
}

export const WORK_TOOLS: readonly Tool[] = [nextWork, claimTask, releaseTask];
