import * as z from 'zod';
import { ENFORCEMENT_LEVELS } from '../../core/settings/settings.js';
import { type Output, schema } from '../input.js';

/** What work with other agents rests on, as it is found where a command runs. */
export interface Surroundings {
  /** In whose name changes are made; undefined where nobody said so. */
  readonly agent: string | undefined;
  /** Path of a `tm` that others can call by its name; undefined where there is none. */
  readonly executable: string | undefined;
  /** Whether there is a store. */
  readonly store: boolean;
}

/** Something that is not set up, why that matters, and what to do about it. */
export const violation = schema(() =>
  z.object({
    kind: z.enum(['agent', 'executable', 'store']),
    problem: z.string(),
    impact: z.string(),
    fix: z.string(),
  }),
);

/** Whether a project's agents are set up, and what would happen where they are not. */
export const orchestrationView = schema(() =>
  z.object({
    valid: z.boolean(),
    enforced: z.boolean().describe('Whether the project turned enforcement on'),
    level: z.enum(ENFORCEMENT_LEVELS),
    violations: z.array(violation()),
  }),
);

export type Violation = Output<typeof violation>;
export type OrchestrationView = Output<typeof orchestrationView>;

const VIOLATIONS: readonly (Violation & { readonly found: (surroundings: Surroundings) => boolean })[] = [
  {
    kind: 'agent',
    found: ({ agent }) => agent === undefined,
    problem: 'TM_AGENT_ID not set',
    impact: 'Changes are made in the name of the account: agents cannot be told from each other or from you',
    fix: 'export TM_AGENT_ID="your_agent_name", or give --agent-id with the command',
  },
  {
    kind: 'executable',
    found: ({ executable }) => executable === undefined,
    problem: 'tm executable not found',
    impact: 'Agents, hooks and scripts that follow the instructions of this project cannot call tm',
    fix: 'put a folder with tm on the PATH, or run “tm fix-orchestration --interactive”',
  },
  {
    kind: 'store',
    found: ({ store }) => !store,
    problem: 'Task Orchestrator database not initialized',
    impact: 'There is nothing that tasks could be shared through',
    fix: 'tm init',
  },
];

export function violationsOf(surroundings: Surroundings): Violation[] {
  return VIOLATIONS.filter(({ found }) => found(surroundings)).map(({ found: _found, ...violation }) => violation);
}

/** The violations as they are shown, for whoever has to mend them. */
export function guidance(violations: readonly Violation[]): string {
  return [
    '🚨 ORCHESTRATION ENFORCEMENT VIOLATIONS DETECTED',
    ...violations.flatMap(({ problem, impact, fix }) => [
      '',
      `❌ Problem: ${problem}`,
      `   Impact: ${impact}`,
      `   Fix: ${fix}`,
    ]),
    '',
    '“tm fix-orchestration --interactive” mends these one by one; “tm validate-orchestration” looks again;',
    '“tm config --enforce-orchestration false” turns this off.',
  ].join('\n');
}
