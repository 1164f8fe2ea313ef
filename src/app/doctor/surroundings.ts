import * as z from 'zod';
import { type Output, schema } from '../input.js';

/** Programs that code of tasks is run by. */
export const RUNTIMES = ['python3', 'node', 'bash'] as const;

/** What the product uses outside of its store. Missing, it costs what needs it, and nothing else. */
export const doctorSurroundings = schema(() =>
  z.object({
    git: z.object({
      version: z.string().nullable().describe('null: git is not installed'),
      repository: z.string().nullable().describe('The top of the working tree; null: there is none'),
      branch: z.string().nullable().describe('null: none is checked out'),
      hook: z
        .enum(['installed', 'not installed', 'outdated'])
        .nullable()
        .describe('Whether commits are linked to tasks by post-commit; null: there is no repository'),
    }),
    runtimes: z
      .array(
        z.object({ name: z.enum(RUNTIMES), version: z.string().nullable().describe('null: it is not on the PATH') }),
      )
      .describe('What code of tasks is run by'),
    providers: z
      .array(
        z.object({
          name: z.string().describe('The model service'),
          variable: z.string().describe('The variable of the environment that sets it up'),
          set: z.boolean().describe('Whether the variable has a value, which is not shown'),
        }),
      )
      .describe('Model services'),
  }),
);

export type DoctorSurroundings = Output<typeof doctorSurroundings>;

/** Looks at the machine; `platform/` has the adapter. */
export interface SurroundingsProbe {
  look(): Promise<DoctorSurroundings>;
}

export function surroundingLines({ git, runtimes, providers }: DoctorSurroundings): string[] {
  const facts = [
    git.repository ?? 'no repository here',
    ...(git.branch === null ? [] : [`branch ${git.branch}`]),
    ...(git.hook === null ? [] : [`hook ${git.hook}`]),
  ];
  const set = providers.filter((provider) => provider.set).map(({ name, variable }) => `${name} (${variable})`);
  return [
    git.version === null ? 'git: not installed' : `git ${git.version}: ${facts.join(', ')}`,
    `runtimes: ${runtimes.map(({ name, version }) => (version === null ? `${name} missing` : `${name} ${version}`)).join(', ')}`,
    `models: ${set.length > 0 ? set.join(', ') : 'no service is set up in the environment'}`,
  ];
}
