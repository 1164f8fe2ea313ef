import { checkVariableNames } from '../../core/execution/environment.js';
import { checkPackages } from '../../core/execution/packages.js';
import { isAbandoned, statusOf } from '../../core/execution/run.js';
import { InvalidInputError, NotFoundError, OrchestratorError } from '../../core/model/errors.js';
import { taskName } from '../../core/model/taskId.js';
import {
  countExecutions,
  type Execution,
  endExecution,
  readExecution,
  readExecutions,
  startExecution,
} from '../../store/repositories/executionRows.js';
import { resolveTask } from '../../store/repositories/taskRows.js';
import { parseInput } from '../input.js';
import type { Plan } from '../plan.js';
import type { CodeRunner, Confinement, ExecutionPermission, RunWatch } from './codeRunner.js';
import {
  type ExecuteCodeInput,
  type ExecuteCodeRequest,
  type ExecuteCodeResult,
  type ExecutionList,
  type ExecutionSummary,
  type ExecutionView,
  executeCodeInput,
  type ListExecutionsInput,
  listExecutionsInput,
  type ShowExecutionInput,
  showExecutionInput,
} from './executionInputs.js';

/** What somebody decides about before code is run. */
export interface RunProposal {
  readonly task: { readonly name: string; readonly title: string };
  readonly request: ExecuteCodeRequest;
  readonly confinement: Confinement;
  readonly runtime: string;
}

/** How a call of `execute` is followed. */
export interface ExecutionWatch extends RunWatch {
  /** Asks somebody whether this may be run; absent where nobody is there to ask. */
  readonly approve?: ((proposal: RunProposal) => boolean | Promise<boolean>) | undefined;
  /** The run is in the store and starts now. */
  readonly onStart?: ((id: string) => void) | undefined;
}

/** With what code is run for tasks. */
export interface ExecutionSurroundings {
  readonly runner: CodeRunner;
  readonly permission: ExecutionPermission;
}

/** Runs: attempts to execute code for a task, each kept with it from its start. */
export class Executions {
  readonly #plan: Plan;
  readonly #surroundings: ExecutionSurroundings | undefined;

  constructor(plan: Plan, surroundings?: ExecutionSurroundings) {
    this.#plan = plan;
    this.#surroundings = surroundings;
  }

  /**
   * Runs code for a task, with everything that it starts, to its end, and keeps the run: when it starts and when it ends.
   * What the code does wrong is in the result. Throws EXECUTION_DISABLED where no code may or can be run,
   * PERMISSION_DENIED where nobody approved this call, NOT_FOUND and INVALID_INPUT; then nothing was run. A request that
   * was made before (`World.request`) runs nothing again and answers with that run.
   */
  async execute(input: ExecuteCodeInput, watch: ExecutionWatch = {}): Promise<ExecuteCodeResult> {
    const request = parseInput(executeCodeInput, input);
    checkPackages(request.language, request.packages);
    checkVariableNames(request.environment);
    const { store } = this.#plan;
    const task = resolveTask(store, request.task_id);
    if (store.problem) throw store.problem;
    const { runner, permission } = this.#allowed();
    const refusal = await permission.refusal();
    if (refusal !== undefined) throw new OrchestratorError('EXECUTION_DISABLED', `${refusal} Nothing was run.`);
    const folder = await runner.within(request.working_directory);
    if (folder === undefined)
      throw new InvalidInputError(
        'working_directory',
        `${request.working_directory} is no folder of this workspace. Give one inside of it, or none for its root. Nothing was run.`,
      );
    const { code, language, packages, environment, timeout, memory, network, sandbox } = request;
    const image = () => store.image();
    const prepared = await runner.prepare({
      ...{ code, language, folder, packages, environment, timeout, memory, network, sandbox, image },
    });
    const { confinement, runtime } = prepared;
    if (!this.#plan.isRepetition('run.start') && !isPlain(request, permission))
      await this.#approve({ task: this.#mention(task), request, confinement, runtime }, watch);
    const own = this.#plan.world.ids.next();
    const start = { id: own, task, language, code, timeout, sandbox: confinement.sandbox, folder, packages };
    const id = await this.#plan.commitOnce('run.start', request, (transaction) => {
      resolveTask(transaction, task);
      startExecution(transaction, start);
      return own;
    });
    if (id !== own) return this.#answered(id);
    watch.onStart?.(id);
    const end = await prepared.run(watch);
    await this.#plan.commit('run.end', (transaction) =>
      endExecution(transaction, id, { ...end, status: statusOf(end) }),
    );
    const execution = this.#viewAfter(id, start.task);
    return { execution, confinement: { ...confinement, runtime }, message: messageOf(execution) };
  }

  /** The runs of a task, the newest first, without their texts. Throws NOT_FOUND. */
  list(input: ListExecutionsInput): ExecutionList {
    const { task, limit } = parseInput(listExecutionsInput, input);
    const { store } = this.#plan;
    const { rows, total } = readExecutions(store, resolveTask(store, task), limit);
    return { executions: rows.map((row) => this.#summary(row)), total, truncated: rows.length < total };
  }

  /** How many runs a task has; of the task by its id. */
  count(task: string): number {
    return countExecutions(this.#plan.store, task);
  }

  /** A run with its code and what it said. Throws NOT_FOUND and AMBIGUOUS. */
  show(input: ShowExecutionInput): ExecutionView {
    const { run, task } = parseInput(showExecutionInput, input);
    const { store } = this.#plan;
    const owner = task === undefined ? undefined : resolveTask(store, task);
    const [found, other] = readExecution(store, run.toLowerCase());
    if (!found || (owner !== undefined && found.task !== owner))
      throw new NotFoundError(
        `There is no run ${run}${task === undefined ? '' : ` of ${task}`}. “tm runs TASK” lists them.`,
      );
    if (other)
      throw new OrchestratorError('AMBIGUOUS', `Several runs begin with ${run}: give more of the id.`, { run });
    return this.#view(found);
  }

  #allowed(): ExecutionSurroundings {
    if (this.#surroundings) return this.#surroundings;
    throw new OrchestratorError('EXECUTION_DISABLED', 'No code is run from here.');
  }

  async #approve(proposal: RunProposal, { approve }: ExecutionWatch): Promise<void> {
    if (!approve)
      throw new OrchestratorError(
        'PERMISSION_DENIED',
        'Somebody has to approve this code, and there is nobody to ask. Nothing was run; a person can run it on a terminal, or allow a language with “tm execution allow --without-asking python”.',
      );
    if (!(await approve(proposal)))
      throw new OrchestratorError('PERMISSION_DENIED', 'It was not approved. Nothing was run.', { declined: true });
  }

  /** The run that answered this request before. */
  #answered(id: string): ExecuteCodeResult {
    const execution = this.show({ run: id });
    return {
      execution,
      confinement: null,
      message: `Nothing was run: this request was made before. ${messageOf(execution)}`,
    };
  }

  /** A run whose task was deleted while it ran is gone with it. */
  #viewAfter(id: string, task: string): ExecutionView {
    const [found] = readExecution(this.#plan.store, id);
    if (found) return this.#view(found);
    throw new NotFoundError(`Task ${task} was deleted while its code ran: the run is in the trash with it.`, {
      run: id,
    });
  }

  #view(execution: Execution): ExecutionView {
    const { code, output, error } = execution;
    return { ...this.#summary(execution), code, output, error };
  }

  #summary(execution: Execution): ExecutionSummary {
    const { id, task, language, status, truncated, signal, timeout, sandbox, packages } = execution;
    return {
      id,
      task_id: task,
      task: this.#mention(task),
      ...{ language, status, truncated, signal, timeout, sandbox },
      abandoned: isAbandoned({ status, timeout, timestamp: execution.startedAt }, this.#plan.now()),
      exit_code: execution.exitCode,
      stopped_by: execution.stoppedBy,
      execution_time: execution.milliseconds,
      working_directory: execution.folder,
      packages: [...packages],
      executed_by: execution.by,
      timestamp: execution.startedAt,
      ended_at: execution.endedAt,
    };
  }

  #mention(task: string): ExecutionSummary['task'] {
    const { number, title } = this.#plan.around([task]).require(task).task;
    return { number, name: taskName(number), title };
  }
}

/** True for a call that a rule approves: what goes beyond running the code in its confines always has to be asked for. */
function isPlain(
  { language, packages, environment, network, sandbox }: ExecuteCodeRequest,
  permission: ExecutionPermission,
): boolean {
  const isMore = packages.length > 0 || environment.length > 0 || network || sandbox === 'none';
  return !isMore && permission.isApproved(language);
}

/** What became of a run, in a sentence. */
export function messageOf(run: ExecutionSummary): string {
  const { name } = run.task;
  const took = run.execution_time === null ? '' : ` after ${(run.execution_time / 1000).toFixed(1)} s`;
  if (run.abandoned) return `${name}: nobody said how this run ended; whoever ran it was stopped.`;
  if (run.status === 'running') return `${name}: still running.`;
  if (run.stopped_by !== null) return `${name}: ended${took} ${STOPPED[run.stopped_by]}.`;
  if (run.signal !== null) return `${name}: ended${took} by ${run.signal}.`;
  if (run.exit_code === null) return `${name}: it could not be started.`;
  return `${name}: ended${took} with exit code ${run.exit_code}.`;
}

const STOPPED = {
  time: 'by its time limit',
  memory: 'by the limit of memory',
  processes: 'by the limit of processes',
  output: 'because it did not stop writing',
  person: 'because it was cancelled',
} as const;
