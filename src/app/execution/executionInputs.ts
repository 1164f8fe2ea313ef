import * as z from 'zod';
import { CODE_LANGUAGES } from '../../core/execution/language.js';
import { LIMITS } from '../../core/execution/limits.js';
import { RUN_STATUSES, SANDBOXES, STOPS } from '../../core/execution/run.js';
import { type Input, type Output, schema } from '../input.js';
import { taskAddress } from '../tasks/taskInputs.js';
import { SANDBOX_CHOICES } from './codeRunner.js';

const { timeout, memory } = LIMITS;

/** `execute_code` in the names and with the defaults of seed 002. */
export const executeCodeInput = schema(() =>
  z.strictObject({
    task_id: z.union([z.number().int().transform(String), taskAddress()]).describe('The task that the code is run for'),
    language: z.enum(CODE_LANGUAGES),
    code: z
      .string()
      .min(1, 'must not be empty')
      .max(LIMITS.code, `is longer than ${LIMITS.code.toLocaleString('en')} characters`)
      .refine((code) => !code.includes('\0'), 'must not contain the character NUL')
      .describe('The program; sql is run against a copy of the task store in memory'),
    timeout: z
      .number()
      .positive('must be above 0')
      .max(timeout.most, `is longer than ${timeout.most} s`)
      .default(timeout.default)
      .describe('Seconds; then it is ended with everything that it started'),
    working_directory: z.string().min(1).default('.').describe('A folder of the workspace, from its root'),
    packages: z
      .array(z.string().max(214))
      .default([])
      .describe('Packages of PyPI or npm for this run alone, such as requests==2.32.3; always has to be approved'),
    environment: z
      .array(z.string().max(200))
      .default([])
      .describe('Names of environment variables to pass on; PATH, the language and the time zone always are'),
    memory: z
      .number()
      .int('must be a whole number')
      .min(memory.least, `is less than ${memory.least} MiB`)
      .max(memory.most, `is more than ${memory.most} MiB`)
      .default(memory.default)
      .describe('MiB'),
    network: z.boolean().default(false).describe('Leave the network open in the sandbox; always has to be approved'),
    sandbox: z
      .enum(SANDBOX_CHOICES)
      .default('auto')
      .describe("auto: the system's sandbox where there is one; required: refused without one; none: without"),
  }),
);

const summary = () => ({
  id: z.string().describe('Of the run'),
  task_id: z.string().describe("The task's id"),
  task: z.strictObject({ number: z.number(), name: z.string(), title: z.string() }),
  language: z.enum(CODE_LANGUAGES),
  status: z.enum(RUN_STATUSES).describe('completed: it ended by itself with exit code 0'),
  abandoned: z.boolean().describe('Its time is over and nobody said how it ended: whoever ran it was stopped'),
  truncated: z.boolean().describe('Output or error was cut'),
  exit_code: z.number().nullable().describe('null where a signal ended it, or it did not start'),
  signal: z.string().nullable().describe('Such as SIGKILL; within a sandbox exit_code is 128 and its number instead'),
  stopped_by: z.enum(STOPS).nullable().describe('The limit that ended it, or person; null where it ended by itself'),
  timeout: z.number().describe('The limit, seconds'),
  execution_time: z.number().nullable().describe('Milliseconds'),
  sandbox: z.enum(SANDBOXES).describe('What really confined it'),
  working_directory: z.string().describe('From the workspace'),
  packages: z.array(z.string()),
  executed_by: z.string(),
  timestamp: z.string().describe('When it started, UTC'),
  ended_at: z.string().nullable(),
});

/** A run without its texts. */
export const executionSummary = schema(() => z.strictObject(summary()));

/** A run. `output` is what it wrote on stdout, `error` what it wrote on stderr. */
export const executionView = schema(() =>
  z.strictObject({
    ...summary(),
    code: z.string().describe('The program'),
    output: z.string().nullable().describe('What it wrote on stdout'),
    error: z.string().nullable().describe('What it wrote on stderr'),
  }),
);

export const executeCodeResult = schema(() =>
  z.strictObject({
    execution: executionView(),
    confinement: z
      .strictObject({
        sandbox: z.enum(SANDBOXES),
        reason: z.string().optional().describe('Why there is no sandbox'),
        network: z.enum(['off', 'open']),
        files: z
          .enum(['memory', 'workspace', 'user'])
          .describe('What it could write: nothing, the workspace, all that its user may'),
        memory: z.enum(['processes and their sum', 'heap', 'nothing']).describe('What kept the memory limit'),
        runtime: z.string().describe('The program that ran it'),
      })
      .nullable()
      .describe('null where the request was answered before and nothing was run'),
    message: z.string(),
  }),
);

export const listExecutionsInput = schema(() =>
  z.strictObject({
    task: taskAddress(),
    limit: z.number().int().min(1).max(200).default(20),
  }),
);

export const executionList = schema(() =>
  z.strictObject({
    executions: z.array(executionSummary()).describe('The newest first'),
    total: z.number(),
    truncated: z.boolean(),
  }),
);

export const showExecutionInput = schema(() =>
  z.strictObject({
    run: z.string().min(1).describe('Id of a run, or the start of it'),
    task: taskAddress().optional().describe('The task that it is of'),
  }),
);

export type ExecuteCodeInput = Input<typeof executeCodeInput>;
export type ListExecutionsInput = Input<typeof listExecutionsInput>;
export type ShowExecutionInput = Input<typeof showExecutionInput>;
export type ExecuteCodeRequest = Output<typeof executeCodeInput>;
export type ExecutionSummary = Output<typeof executionSummary>;
export type ExecutionView = Output<typeof executionView>;
export type ExecuteCodeResult = Output<typeof executeCodeResult>;
export type ExecutionList = Output<typeof executionList>;
