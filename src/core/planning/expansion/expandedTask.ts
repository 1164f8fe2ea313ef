import type { Priority } from '../../model/priority.js';

/** What kind of work a subtask is. */
export const SUBTASK_TYPES = ['development', 'design', 'research', 'configuration', 'deployment'] as const;
export const TEST_TYPES = ['unit', 'integration', 'e2e', 'performance', 'security', 'usability'] as const;
export const DOCUMENTATION_TYPES = [
  'api',
  'user-guide',
  'developer',
  'architecture',
  'deployment',
  'troubleshooting',
] as const;
export const RISK_LEVELS = ['low', 'medium', 'high'] as const;

/** How many of each there may be: what is more than a person would read is no plan. */
export const MOST = { subtasks: 12, steps: 20, tests: 12, documents: 8, scenarios: 10, list: 12 } as const;
/** So many tasks one proposal holds at most, all levels together. */
export const MOST_TASKS = 100;
/** Lengths in Unicode code points. */
export const LONGEST = { title: 200, text: 1500, line: 300 } as const;
/** Hours of one item. */
export const MOST_HOURS = 400;

/** A part of the work. The names of fields are those of seed 002. */
export interface Subtask {
  /** Its name within the proposal: `s1`, `s1.2`. */
  readonly id: string;
  /** The subtask that it is a part of; absent: of the task itself. */
  readonly parentId?: string | undefined;
  readonly title: string;
  readonly description: string;
  /** Hours, as the model estimates them; null where nobody did. */
  readonly estimatedEffort: number | null;
  readonly priority: Priority;
  /** Ids of subtasks beside it that come first. */
  readonly dependencies: readonly string[];
  readonly type: (typeof SUBTASK_TYPES)[number];
  readonly requiredSkills: readonly string[];
  readonly acceptanceCriteria: readonly string[];
  readonly implementationHints?: string | undefined;
  readonly technicalNotes?: string | undefined;
}

/** One step of doing it. */
export interface ImplementationStep {
  readonly stepNumber: number;
  /** The subtask that it is a step of; absent: of the task itself. */
  readonly subtaskId?: string | undefined;
  readonly title: string;
  readonly description: string;
  readonly expectedOutcome: string;
  /** Numbers of steps of the same list that come first. */
  readonly dependencies: readonly number[];
  readonly resources: readonly string[];
  /** Hours; null where nobody estimated them. */
  readonly timeEstimate: number | null;
  readonly riskLevel: (typeof RISK_LEVELS)[number];
  readonly validationCriteria: readonly string[];
}

export interface TestScenario {
  readonly id: string;
  readonly description: string;
  readonly steps: readonly string[];
  readonly expectedResults: readonly string[];
  readonly edgeCases?: readonly string[] | undefined;
  readonly testDataRequirements?: readonly string[] | undefined;
}

export interface TestTask {
  readonly id: string;
  readonly title: string;
  readonly type: (typeof TEST_TYPES)[number];
  readonly description: string;
  readonly scenarios: readonly TestScenario[];
  /** What it tests. */
  readonly targetSubtaskIds: readonly string[];
  readonly priority: Priority;
  readonly estimatedEffort: number | null;
  readonly frameworkSuggestions?: readonly string[] | undefined;
  /** What has to be there first: what it tests. */
  readonly dependencies: readonly string[];
}

export interface DocumentSection {
  readonly title: string;
  readonly contentOutline: readonly string[];
  readonly requiredElements: readonly string[];
  readonly targetAudience: string;
}

export interface DocumentationTask {
  readonly id: string;
  readonly title: string;
  readonly type: (typeof DOCUMENTATION_TYPES)[number];
  readonly description: string;
  /** What it documents. */
  readonly targetSubtaskIds: readonly string[];
  readonly sections: readonly DocumentSection[];
  readonly priority: Priority;
  readonly estimatedEffort: number | null;
  readonly dependencies: readonly string[];
}

/** The parts of a proposal that become tasks and steps. */
export interface ExpansionParts {
  readonly subtasks: readonly Subtask[];
  readonly implementationSteps: readonly ImplementationStep[];
  readonly testTasks: readonly TestTask[];
  readonly documentationTasks: readonly DocumentationTask[];
}

/** Name of the steps of a task or a subtask among the items that can be chosen. */
export function stepsItem(subtask?: string): string {
  return subtask === undefined ? 'steps' : `steps:${subtask}`;
}

/** Everything that can be chosen, in the order in which it is shown. */
export function itemIds({ subtasks, implementationSteps, testTasks, documentationTasks }: ExpansionParts): string[] {
  const steps = new Set(implementationSteps.map((step) => stepsItem(step.subtaskId)));
  return [...[...subtasks, ...testTasks, ...documentationTasks].map((item) => item.id), ...steps];
}
