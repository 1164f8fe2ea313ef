import * as z from 'zod';
import type { CommitRepository } from '../commits/repository.js';
import type { ExecutionSurroundings } from '../execution/executions.js';
import { type Schema, schema } from '../input.js';
import type { Plan } from '../plan.js';
import type { Surroundings } from '../planning/complexity/surroundings.js';
import type { ModelProvider, ModelSource } from '../ports.js';
import type { References } from '../references/references.js';
import type { Tasks } from '../tasks/tasks.js';
import { readArguments } from './arguments.js';
import { cutToFit } from './fit.js';

/** Which tools a surface offers: each belongs to one set. */
export const TOOL_SETS = ['core', 'planning', 'execution'] as const;
export type ToolSet = (typeof TOOL_SETS)[number];

/** What the tools work on; each surface makes one. */
export interface Workbench {
  readonly plan: Plan;
  readonly tasks: Tasks;
  readonly references: References;
  /** What complexity is reckoned from. */
  readonly surroundings: () => Surroundings;
  /** Who is asked to break a task down; first the caller's own model, if it lends one. */
  readonly models: (lent?: ModelProvider) => Promise<ModelSource>;
  /** With what code is run for tasks; absent where none is. */
  readonly execution?: (() => ExecutionSurroundings) | undefined;
  /** Where commits are looked up. */
  readonly repository: () => CommitRepository;
}

/** How one call is followed and stopped. */
export interface ToolCall {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ToolProgress) => void) | undefined;
  /** Asks a person; absent where nobody can be asked. */
  readonly approve?: ((question: Question) => boolean | Promise<boolean>) | undefined;
  /** The caller's own model; absent where callers have none. */
  readonly lentModel?: (() => ModelProvider) | undefined;
}

/** What a person decides about. */
export interface Question {
  readonly message: string;
  /** All that the answer is about: it holds for exactly that. */
  readonly subject: string;
}

export interface ToolProgress {
  /** Rises with each report. */
  readonly done: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

/** What a caller may expect of a tool, in MCP's words. */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  /** Only of tools that change something: false where they only add. */
  readonly destructiveHint?: boolean;
  /** Only of tools that change something: the same call again changes nothing more. */
  readonly idempotentHint?: boolean;
  /** True where somebody outside of this machine may be asked. */
  readonly openWorldHint: boolean;
}

/** One capability as models call it, over whatever protocol. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  /** For the model: what it does, and when to take another one. */
  readonly description: string;
  readonly set: ToolSet;
  readonly annotations: ToolAnnotations;
  readonly input: Schema<z.ZodObject>;
  readonly output: Schema<z.ZodObject>;
  /**
   * Checks the arguments and runs. The result is `output`'s, cut to a small reply unless the arguments say `full`. Throws
   * INVALID_INPUT naming every argument that does not fit, and what the use case throws.
   */
  call(bench: Workbench, given: unknown, call?: ToolCall): Promise<Record<string, unknown>>;
}

interface Definition<I extends z.ZodObject, O extends z.ZodObject> extends Omit<Tool, 'call' | 'input' | 'output'> {
  readonly input: () => I;
  readonly output: () => O;
  run(bench: Workbench, input: z.output<I>, call: ToolCall): Promise<z.input<O>> | z.input<O>;
}

/** Types a tool by its schemas, then forgets them. */
export function defineTool<I extends z.ZodObject, O extends z.ZodObject>({
  run,
  input: makeInput,
  output,
  ...tool
}: Definition<I, O>): Tool {
  const inputSchema = schema(makeInput);
  return {
    ...tool,
    input: inputSchema,
    // Whoever runs hooks, or has a part of it switched off, may have something to say beside the result.
    output: schema(() => output().extend({ notes: z.array(z.string()).optional() })),
    call: async (bench, given, call = {}) => {
      const input = readArguments(inputSchema, given);
      const reply = await run(bench, input, call);
      return 'full' in input && input.full === true ? reply : cutToFit(reply);
    },
  };
}

export const READS: ToolAnnotations = { readOnlyHint: true, openWorldHint: false };
export const ADDS: ToolAnnotations = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: false,
};
/** Sets what is named: once is as good as twice. Whatever it replaces can be undone. */
export const SETS: ToolAnnotations = { ...ADDS, idempotentHint: true };
