import * as z from 'zod';
import type { TaskId } from '../../core/model/taskId.js';
import { Claims } from '../claims/claims.js';
import { schema } from '../input.js';
import type { SelectionView } from '../planning/nextTask/nextTaskInputs.js';
import { nextTaskView } from '../planning/nextTask/nextTaskInputs.js';
import type { TaskView } from '../tasks/taskView.js';
import { cutReply, fullParameter, message, taskParameter } from './parameters.js';
import { toShape } from './taskShape.js';
import { defineTool, READS, SETS, type Tool, type ToolCall, type Workbench } from './tool.js';

/** What an analysis looks at: seed 002's five options, the same for the complexity and for the effort that follows from it. */
const analysisOptions = schema(() =>
  z.strictObject({
    task_id: taskParameter(),
    analyze_dependencies: z.boolean().default(true).describe('Look through the imports'),
    estimate_code_volume: z.boolean().default(true),
    assess_risk: z.boolean().default(true),
    use_historical_data: z.boolean().default(true).describe('Compare with finished tasks'),
    project_root: z.string().optional().describe('Only this folder of the workspace'),
    full: fullParameter(),
  }),
);

const analyzeComplexity = defineTool({
  name: 'analyze_complexity',
  title: 'Analyse the complexity of a task',
  description:
    'Score a task from 1 to 10 by its files, imports, git history and finished tasks like it, with risks and findings by file and line. Kept with the task; null where nothing is known.',
  set: 'planning',
  annotations: SETS,
  input: () => analysisOptions(),
  output: () => z.object({ complexity: z.record(z.string(), z.unknown()), stored: z.string(), message, ...cutReply }),
  run: async (bench, { full: _, task_id, ...options }, call) => {
    const { complexity, stored, message } = await analyse(bench, task_id, options, call);
    return { complexity, stored, message };
  },
});

const estimateEffort = defineTool({
  name: 'estimate_effort',
  title: 'Estimate the effort of a task',
  description:
    'Estimate the hours of a task with p50 and p80, from its complexity and from finished tasks; says what it is based on.',
  set: 'planning',
  annotations: SETS,
  input: () => analysisOptions(),
  output: () =>
    z
      .object({ estimatedHours: z.number(), p50: z.number(), p80: z.number(), low: z.number(), high: z.number() })
      .extend({
        complexity_score: z.number().nullable(),
        basis: z.record(z.string(), z.unknown()),
        message,
        ...cutReply,
      }),
  run: async (bench, { full: _, task_id, ...options }, call) => {
    const { complexity } = await analyse(bench, task_id, options, call);
    const { Effort } = await import('../planning/effort/effort.js');
    const effort = new Effort(bench.plan, bench.tasks);
    const { use_historical_data } = options;
    const { estimatedHours, p50, p80, low, high, basis, message } = await effort.estimate({
      task: task_id,
      use_historical_data,
    });
    const score = typeof complexity.score === 'number' ? complexity.score : null;
    return { estimatedHours, p50, p80, low, high, complexity_score: score, basis, message };
  },
});

type AnalysisOptions = Omit<z.output<ReturnType<typeof analysisOptions>>, 'task_id' | 'full'>;

async function analyse(bench: Workbench, task: string, options: AnalysisOptions, { signal, onProgress }: ToolCall) {
  const { Complexity } = await import('../planning/complexity/complexity.js');
  let done = 0;
  const watch = {
    ...(signal && { signal }),
    onProgress: ({ stage }: { readonly stage: string }) => {
      done += 1;
      onProgress?.({ done, message: STAGES[stage] ?? stage });
    },
  };
  const store = bench.plan.store.problem === undefined;
  return new Complexity(bench.plan, bench.tasks, bench.surroundings()).analyse({ ...options, task, store }, watch);
}

const STAGES: Readonly<Record<string, string>> = {
  listing: 'Listing the files',
  history: 'Reading the history',
  reading: 'Reading the imports',
};

const parsePrd = defineTool({
  name: 'parse_prd',
  title: 'Plan from a requirements document',
  description:
    'Read a product requirements document (Markdown) as features, requirements, criteria and tasks. Writes nothing unless apply is true; applied again after an edit, it changes only what the edit changed.',
  set: 'planning',
  annotations: SETS,
  input: () =>
    z.strictObject({
      content: z.string(),
      project_id: z.string().default('default-project').describe('Project of the tasks'),
      generate_tasks: z.boolean().default(true),
      analyze_dependencies: z.boolean().default(true),
      extract_user_stories: z.boolean().default(true),
      parse_acceptance_criteria: z.boolean().default(true),
      confidence_threshold: z
        .number()
        .min(0)
        .max(1)
        .default(0.7)
        .describe('Less certain items need a review and become no tasks'),
      apply: z.boolean().default(false).describe('Make the tasks'),
      only: z.array(z.string()).optional().describe('Ids of the features and requirements to apply'),
      source: z.string().optional().describe('Name to know the document by the next time; its title by default'),
      full: fullParameter(),
    }),
  output: () =>
    z.object({
      prd: z.record(z.string(), z.unknown()),
      counts: z.record(z.string(), z.number()).describe('What applying it changes'),
      changes: z.array(z.record(z.string(), z.unknown())),
      applied: z.boolean(),
      source: z.string(),
      seq: z.number().optional(),
      message,
      ...cutReply,
    }),
  run: async ({ plan, references }, input) => {
    const { Prds } = await import('../planning/prd/prds.js');
    const { content, project_id: project, apply, only } = input;
    const given = {
      content,
      project,
      source: input.source ?? `${project}: ${titleOf(content)}`.slice(0, LONGEST_SOURCE),
      generateTasks: input.generate_tasks,
      analyzeDependencies: input.analyze_dependencies,
      extractUserStories: input.extract_user_stories,
      parseAcceptanceCriteria: input.parse_acceptance_criteria,
      confidenceThreshold: input.confidence_threshold,
      ...(only && { only }),
    };
    const prds = new Prds(plan, references);
    const { prd, counts, changes, applied, source, seq, message, notes } = apply
      ? await prds.apply(given)
      : prds.preview(given);
    const written = applied ? '' : ' Nothing was written; apply: true makes the tasks.';
    return {
      prd: { ...prd },
      counts,
      changes,
      applied,
      source,
      seq,
      message: `${message}${written}`,
      ...(notes.length > 0 && { notes }),
    };
  },
});

const LONGEST_SOURCE = 300;

/** The first heading of a document. */
function titleOf(content: string): string {
  return /^#[ \t]+(.+?)[ \t#]*$/m.exec(content)?.[1] ?? 'untitled';
}

const getNextTask = defineTool({
  name: 'get_next_task',
  title: 'Choose the next task',
  description: 'Say which ready task to do next, and why, with alternatives. Claims nothing: next_work does.',
  set: 'planning',
  annotations: READS,
  input: () =>
    z.strictObject({
      project_id: z.string(),
      max_complexity: z.number().min(1).max(10).default(8),
      max_complexity_limit: z.number().min(1).max(10).default(8),
      preferred_task_types: z.array(z.string()).optional(),
      preferred_languages: z.array(z.string()).optional(),
      excluded_tags: z.array(z.string()).optional(),
      required_tags: z.array(z.string()).optional(),
      max_estimated_hours: z.number().positive().optional(),
      min_estimated_hours: z.number().positive().optional(),
      priority_threshold: z.int().min(0).max(4).optional(),
      enable_grouping: z.boolean().default(true),
      minimize_context_switching: z.boolean().default(true),
      hours_available_today: z.number().positive().optional(),
      available_developers: z.int().min(1).max(100).optional().describe('So many tasks that can be done at once'),
      full: fullParameter(),
    }),
  output: () => z.object({ selection: nextTaskShape(), message, ...cutReply }),
  run: async (bench, { full: _, project_id, ...input }) => {
    const { plan, tasks, surroundings } = bench;
    const { NextTask } = await import('../planning/nextTask/nextTask.js');
    const chooser = new NextTask(plan, tasks, new Claims(plan, tasks), surroundings().environment);
    const isKnown = plan.graph.tasks().some(({ project }) => project === project_id);
    const view = chooser.select({ ...input, ...(isKnown && { project_id }) });
    const wider = isKnown ? '' : `. No task is of the project “${project_id}”: all were considered.`;
    return { selection: toNumbers(bench, view.selection, view.task), message: `${view.message}${wider}` };
  },
});

/** The selection with seed 002's ids, which are numbers. */
const nextTaskShape = schema(() =>
  nextTaskView().shape.selection.extend({
    task_id: z.number().nullable(),
    selectedTask: z.record(z.string(), z.unknown()).nullable(),
    selectedTasks: z.array(z.record(z.string(), z.unknown())),
    alternatives: z.array(z.record(z.string(), z.unknown())),
    blockers: z.array(z.record(z.string(), z.unknown())),
    schedulingSuggestions: z.array(z.record(z.string(), z.unknown())),
    reasoning: z.record(z.string(), z.unknown()),
  }),
);

/** The names that scores have in a selection. */
const SCORES = [
  ...([
    'estimatedEffort',
    'estimatedEffortP80',
    'complexity',
    'readinessScore',
    'urgencyScore',
    'priorityScore',
  ] as const),
  ...(['businessValueScore', 'technicalComplexityScore', 'resourceAvailabilityScore', 'continuityScore'] as const),
  ...(['overallScore', 'blockingFactors', 'successProbability'] as const),
];

function toNumbers(bench: Workbench, selection: SelectionView, task: TaskView | null) {
  const numberOf = (id: TaskId) => bench.plan.graph.get(id)?.task.number ?? null;
  const scores = (one: object) =>
    Object.fromEntries(Object.entries(one).filter(([name]) => (SCORES as readonly string[]).includes(name)));
  const { selectedTask, task_id } = selection;
  const brief = (one: SelectionView['alternatives'][number]) => ({
    ...{ id: one.number, key: one.id, title: one.title, tags: one.tags, ...scores(one), reasons: one.reasons },
  });
  return {
    ...selection,
    task_id: task_id === null ? null : numberOf(task_id),
    selectedTask: selectedTask && task ? { ...toShape(bench, task), ...scores(selectedTask) } : null,
    selectedTasks: selection.selectedTasks.map(brief),
    alternatives: selection.alternatives.map(brief),
    blockers: selection.blockers.map(({ id, ...one }) => ({ id: numberOf(id), key: id, ...one })),
    schedulingSuggestions: selection.schedulingSuggestions.map((one) => ({ ...one, task_id: numberOf(one.task_id) })),
    reasoning: {
      ...selection.reasoning,
      alternativesConsidered: selection.reasoning.alternativesConsidered.map((one) => ({
        ...one,
        task_id: numberOf(one.task_id),
      })),
    },
  };
}

export const PLANNING_TOOLS: readonly Tool[] = [parsePrd, analyzeComplexity, estimateEffort, getNextTask];
