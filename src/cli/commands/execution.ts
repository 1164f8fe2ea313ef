import { dirname } from 'node:path';
import type { Command } from 'commander';
import { projectPermission } from '../../app/execution/projectPermission.js';
import { ProjectSettings } from '../../app/settings/projectSettings.js';
import { CODE_LANGUAGES, type CodeLanguage, languageOf } from '../../core/execution/language.js';
import { InvalidInputError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import { type Consent, ExecutionConsent } from '../../platform/execution/executionConsent.js';
import { probeSandbox } from '../../platform/execution/sandbox.js';
import { type CliContext, type CommonOptions, reading, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';
import { listed } from '../format.js';
import { locateStore, type Session } from '../session.js';

interface AllowOptions extends CommonOptions {
  readonly withoutAsking?: true | readonly string[];
}

/** What `tm execution` says. */
interface ExecutionStatus {
  readonly enabled: boolean;
  /** Why not; null where code may be run. */
  readonly refusal: string | null;
  /** What the project's settings say. */
  readonly project: boolean;
  /** What the person decided on this machine; null: nothing. */
  readonly allowed: boolean | null;
  readonly without_asking: readonly CodeLanguage[];
  readonly sandbox: string;
  readonly sandbox_reason: string | null;
}

/** `tm execution`: whether code may be run for the tasks of this project on this machine. */
export function addExecution(program: Command, context: CliContext): void {
  const { output } = context;
  const execution = withExamples(
    program.command('execution').description('whether code may be run for tasks, here and by whom it is approved'),
    ['tm execution', 'whether it may, and what confines it on this machine'],
    ['tm execution allow', 'allow it; each call is shown and asked about'],
    ['tm execution allow --without-asking python sql', 'do not ask about plain calls in these languages'],
    ['tm execution deny', 'do not run code for this project'],
  );
  const consent = () => new ExecutionConsent(dirname(locateStore(context.workingFolder).path));

  withJson(
    execution.command('status', { isDefault: true }).description('whether code may be run, and within what'),
  ).action(({ json }: CommonOptions) =>
    reading(context, async (session) => {
      const status = await statusOf(session, consent());
      output.data(json ? JSON.stringify(status) : statusText(status));
    }),
  );

  withJson(execution.command('allow').description('allow it for this project on this machine, and in its settings'))
    .option('--without-asking [languages...]', 'plain calls need no approval: in these languages, or in all')
    .action(({ json, withoutAsking }: AllowOptions) =>
      writing(context, async (session) => {
        const unasked = withoutAsking === undefined ? [] : languages(withoutAsking);
        const settings = new ProjectSettings(session.plan);
        if (!(await settings.read()).execution.enabled) await settings.allowExecution(true);
        const record = consent();
        record.decide({ allowed: true, at: session.plan.now(), unasked });
        const status = await statusOf(session, record);
        if (json) output.data(JSON.stringify(status));
        else output.message(statusText(status));
      }),
    );

  withJson(execution.command('deny').description('do not run code for this project on this machine')).action(
    ({ json }: CommonOptions) =>
      reading(context, async (session) => {
        const record = consent();
        record.decide({ allowed: false, at: session.plan.now(), unasked: [] });
        const status = await statusOf(session, record);
        if (json) output.data(JSON.stringify(status));
        else output.message(statusText(status));
      }),
  );
}

function languages(words: true | readonly string[]): CodeLanguage[] {
  if (words === true) return [...CODE_LANGUAGES];
  return words.map((word) => {
    const language = languageOf(word);
    if (language) return language;
    throw new InvalidInputError('without-asking', `“${plain(word)}” is no language: give ${listed(CODE_LANGUAGES)}.`);
  });
}

async function statusOf({ plan }: Session, record: ExecutionConsent): Promise<ExecutionStatus> {
  const own: Consent | undefined = record.read();
  const refusal = await projectPermission(plan.world.folder, () => own).refusal();
  const probe = await probeSandbox();
  return {
    enabled: refusal === undefined,
    refusal: refusal ?? null,
    project: (await new ProjectSettings(plan).read()).execution.enabled,
    allowed: own?.allowed ?? null,
    without_asking: own?.unasked ?? [],
    sandbox: 'sandbox' in probe ? probe.sandbox.name : 'none',
    sandbox_reason: 'reason' in probe ? probe.reason : null,
  };
}

function statusText({ refusal, without_asking, sandbox, sandbox_reason }: ExecutionStatus): string {
  const asked =
    without_asking.length === 0
      ? 'Each call is shown and asked about.'
      : `Plain calls in ${listed(without_asking)} are not asked about; all others are.`;
  return [
    ...(refusal === null
      ? ['Code may be run for the tasks of this project on this machine.', asked]
      : [plain(refusal)]),
    sandbox === 'none' ? `Sandbox: none (${plain(sandbox_reason ?? '')}).` : `Sandbox: ${sandbox}.`,
  ].join('\n');
}
