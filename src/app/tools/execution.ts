import * as z from 'zod';
import { CODE_LANGUAGES } from '../../core/execution/language.js';
import { LIMITS } from '../../core/execution/limits.js';
import { Executions, type RunProposal } from '../execution/executions.js';
import { cutReply, fullParameter, message, taskParameter } from './parameters.js';
import { defineTool, type Tool } from './tool.js';

const executeCode = defineTool({
  name: 'execute_code',
  title: 'Run code for a task',
  description:
    'Run code in a process of its own, within limits of time, memory and output, and keep the run with the task. Off until a person allows it; each call is approved by a person unless a rule says otherwise.',
  set: 'execution',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  input: () =>
    z.strictObject({
      task_id: taskParameter(),
      language: z.enum(CODE_LANGUAGES),
      code: z.string().describe('sql is run against a copy of the task store'),
      timeout: z.number().default(LIMITS.timeout.default).describe('Seconds'),
      working_directory: z.string().optional().describe('A folder of the workspace'),
      packages: z.array(z.string()).optional().describe('Of PyPI or npm, for this run alone'),
      full: fullParameter(),
    }),
  output: () =>
    z.object({
      execution: z.record(z.string(), z.unknown()),
      confinement: z.record(z.string(), z.unknown()).nullable(),
      message,
      ...cutReply,
    }),
  run: async ({ plan, execution }, { full: _, ...input }, { signal, onProgress, approve }) => {
    let written = 0;
    const result = await new Executions(plan, execution?.()).execute(input, {
      signal,
      ...(approve && {
        approve: (proposal) => approve({ message: question(proposal), subject: JSON.stringify(proposal) }),
      }),
      onOutput: (_stream, bytes) => {
        written += bytes.length;
        onProgress?.({ done: written, message: `${written} bytes of output` });
      },
    });
    const { task, task_id, ...run } = result.execution;
    return { ...result, execution: { ...run, task_id: task.number, task_key: task_id } };
  },
});

/** What a person is asked. */
function question({ task, request, confinement, runtime }: RunProposal): string {
  const { language, code, packages, timeout, working_directory } = request;
  const lines = [
    `Run this ${language} code for ${task.name} “${task.title}” with ${runtime}, for ${timeout} s at most, in ${working_directory}?`,
    `Sandbox: ${confinement.sandbox}${confinement.reason ? ` (${confinement.reason})` : ''}; network: ${confinement.network}; may write: ${confinement.files}.`,
    ...(packages.length > 0 ? [`Packages: ${packages.join(', ')}.`] : []),
  ];
  return `${lines.join('\n')}\n\n${code}`;
}

export const EXECUTION_TOOLS: readonly Tool[] = [executeCode];
