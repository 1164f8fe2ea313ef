import * as z from 'zod';
import { InvalidInputError } from '../../core/model/errors.js';
import type { Plan } from '../plan.js';
import type { ExpandedTask } from '../planning/expansion/expansionInputs.js';
import { cutReply, fullParameter, message, taskParameter } from './parameters.js';
import { numbersOf } from './taskShape.js';
import { ADDS, defineTool, type Tool } from './tool.js';

/** Where the answers are cut unless somebody says otherwise: then one that was is asked for again with more. */
const DEFAULT_MAX_TOKENS = 2000;
/** Proposals that are remembered until somebody takes them. */
const REMEMBERED = 20;

const expandTask = defineTool({
  name: 'expand_task',
  title: 'Break a task down',
  description:
    'Propose subtasks, steps, tests and documentation for a task; nothing is stored. To make them tasks, call again with the proposal and apply: true, perhaps only some items.',
  set: 'planning',
  annotations: { ...ADDS, openWorldHint: true },
  input: () =>
    z.strictObject({
      task_id: taskParameter(),
      depth: z.int().min(1).max(5).default(2).describe('Levels of subtasks'),
      max_depth: z.int().min(1).max(10).default(3).describe('Levels there may be below the topmost task'),
      include_tests: z.boolean().default(true),
      include_documentation: z.boolean().default(true),
      include_implementation: z.boolean().default(true),
      provider: z
        .enum(['openai', 'anthropic', 'auto', 'client', 'compatible', 'vscode', 'template'])
        .default('auto')
        .describe('Who is asked; client: your own model, by sampling; template asks nobody'),
      model: z.string().optional(),
      max_tokens: z.int().min(100).max(200_000).default(DEFAULT_MAX_TOKENS),
      temperature: z.number().min(0).max(2).default(0.7),
      proposal: z.string().optional().describe('One that you got: nobody is asked again'),
      apply: z.boolean().default(false).describe('Make the tasks'),
      items: z.array(z.string()).optional().describe('With apply: only these, such as s1, t1'),
      full: fullParameter(),
    }),
  output: () =>
    z.object({
      expansion: z.record(z.string(), z.unknown()),
      proposal: z.string().describe('Its name'),
      created: z.array(z.number()).optional(),
      seq: z.number().optional(),
      message,
      ...cutReply,
    }),
  run: async ({ plan, tasks, references, models }, input, { signal, onProgress, lentModel }) => {
    const { task_id, max_tokens, apply, items } = input;
    if (items && !apply) throw new InvalidInputError('items', 'items says what to make: it goes with apply: true.');
    const { Expansion } = await import('../planning/expansion/expansion.js');
    const expansion = new Expansion(plan, tasks, references, await models(lentModel?.()));
    const id = tasks.resolve(task_id);
    let reports = 0;
    const found =
      input.proposal === undefined
        ? await expansion.propose(
            {
              task: id,
              depth: input.depth,
              maxDepth: input.max_depth,
              includeTests: input.include_tests,
              includeDocumentation: input.include_documentation,
              includeImplementation: input.include_implementation,
              provider: input.provider,
              model: input.model,
              maxTokens: max_tokens === DEFAULT_MAX_TOKENS ? undefined : max_tokens,
              temperature: input.temperature,
            },
            {
              signal,
              onProgress: ({ label, about, characters }) => {
                reports += 1;
                const what = about === undefined ? '' : ` about ${about}`;
                onProgress?.({ done: reports, message: `${label}${what}: ${characters} characters` });
              },
            },
          )
        : recall(plan, input.proposal, id);
    const proposal = input.proposal ?? remember(plan, found);
    const { number, name } = tasks.get(id);
    const shown = { ...found, originalTaskId: number, originalTaskKey: id };
    if (!apply)
      return {
        expansion: shown,
        proposal,
        message: `A proposal for ${name}: nothing is stored. Take it with proposal: "${proposal}" and apply: true.`,
      };
    const accepted = await expansion.accept({ expansion: found, ...(items && { items }) });
    const created = numbersOf(
      plan.graph,
      accepted.tasks.map((task) => task.id),
    );
    forget(plan, proposal);
    return {
      expansion: shown,
      proposal,
      created,
      seq: accepted.seq,
      message: `${name} has ${created.length} new tasks.`,
    };
  },
});

const proposals = new WeakMap<Plan, Map<string, ExpandedTask>>();

function remember(plan: Plan, expansion: ExpandedTask): string {
  const kept = proposals.get(plan) ?? new Map<string, ExpandedTask>();
  proposals.set(plan, kept);
  const name = plan.world.ids.next();
  kept.set(name, expansion);
  const [oldest] = kept.keys();
  if (kept.size > REMEMBERED && oldest !== undefined) kept.delete(oldest);
  return name;
}

/** Throws INVALID_INPUT for one that is not remembered, and for one of another task. */
function recall(plan: Plan, name: string, task: string): ExpandedTask {
  const found = proposals.get(plan)?.get(name);
  if (!found)
    throw new InvalidInputError(
      'proposal',
      `There is no proposal “${name.slice(0, 80)}” any more: it was taken, or the server was started anew. Ask for another one.`,
    );
  if (found.originalTaskId === task) return found;
  throw new InvalidInputError('proposal', `“${name}” is a proposal for ${found.originalTask.name}, not for this task.`);
}

function forget(plan: Plan, name: string): void {
  proposals.get(plan)?.delete(name);
}

export const EXPANSION_TOOLS: readonly Tool[] = [expandTask];
