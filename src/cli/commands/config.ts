import { type Command, Option } from 'commander';
import { ProjectSettings } from '../../app/settings/projectSettings.js';
import { InvalidInputError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import {
  ACCESS_POLICIES,
  type AccessPolicy,
  DEFAULT_SETTINGS,
  ENFORCEMENT_LEVELS,
  type EnforcementLevel,
  FEATURES,
  isEnabled,
  type Settings,
} from '../../core/settings/settings.js';
import { type CliContext, type CommonOptions, reading, withJson, writing } from '../context.js';
import { withExamples } from '../definition.js';
import { locateStore } from '../session.js';

interface ConfigOptions extends CommonOptions {
  readonly show?: boolean;
  readonly enable?: string;
  readonly disable?: string;
  readonly minimalMode?: boolean;
  readonly reset?: boolean;
  readonly init?: boolean;
  readonly preset?: string;
  readonly enforceUsage?: string;
  readonly enforceOrchestration?: string;
  readonly enforcementLevel?: EnforcementLevel;
  readonly showEnforcement?: boolean;
  readonly accessPolicy?: AccessPolicy;
}

type Done = { readonly settings: Settings; readonly says: string };

/** `tm config`: what this project uses, and how strict it is. */
export function addConfigCommand(program: Command, context: CliContext): void {
  const truth = (flags: string, says: string) => new Option(flags, says).choices(['true', 'false']);
  const config = withJson(program.command('config').description('show and change the settings of this project'))
    .option('--show', 'show them')
    .option('--enable <feature>', `switch a feature on: ${FEATURES.join(', ')}`)
    .option('--disable <feature>', 'switch a feature off')
    .option('--minimal-mode', 'every feature off')
    .option('--preset <name>', 'minimal, standard or strict: many settings at once')
    .option('--reset', 'the defaults; who may change tasks stays')
    .option('--init', 'write config.json as it is, to be edited')
    .addOption(truth('--enforce-usage <yes>', 'whether commands are refused while agents are not set up'))
    .addOption(truth('--enforce-orchestration <yes>', 'the same'))
    .addOption(new Option('--enforcement-level <level>', 'how hard that is').choices([...ENFORCEMENT_LEVELS]))
    .option('--show-enforcement', 'show that, and what is not set up')
    .addOption(new Option('--access-policy <policy>', 'who may change a task').choices([...ACCESS_POLICIES]))
    .argument('[verb]', 'get or set')
    .argument('[key]', 'such as enforcement.level')
    .argument('[value]')
    .action((verb: string | undefined, key: string | undefined, value: string | undefined, options: ConfigOptions) => {
      if (verb !== undefined) return getOrSet(context, [verb, key, value], options);
      if (options.showEnforcement) return showEnforcement(context, options);
      const { show, json, ...changes } = options;
      if (Object.keys(changes).length > 0) return change(context, options);
      if (show || json)
        return reading(context, async ({ plan }) => print(context, await new ProjectSettings(plan).read(), options));
      throw new InvalidInputError(
        'options',
        'Usage: tm config --show | --enable FEATURE | --disable FEATURE | --minimal-mode | --reset | …; “tm config --help” says all.',
      );
    });
  withExamples(
    config,
    ['tm config --show', 'what is in use'],
    ['tm config --disable deadlines', 'due dates are left out from now on'],
    ['tm config set enforcement.level advisory', 'one value by its key'],
    [
      'tm config set models.base_url http://localhost:11434/v1',
      'where “tm expand” finds a model; keys are never kept here',
    ],
    ['tm config set working_hours.hours 09:00-12:00,13:00-17:30', 'when people work, for estimates and forecasts'],
    ['tm config --access-policy owner', 'only the creator deletes, only creator, assignee and claim holder update'],
  );
}

/** Several changes in one run are made in this order. */
async function change(context: CliContext, options: ConfigOptions): Promise<void> {
  await writing(context, async ({ plan }) => {
    const settings = new ProjectSettings(plan);
    const steps: (() => Promise<Done>)[] = [];
    const step = (wanted: unknown, make: () => Promise<Settings>, says: string) => {
      if (wanted !== undefined && wanted !== false) steps.push(async () => ({ settings: await make(), says }));
    };
    const { enable, disable, preset, enforcementLevel: level, accessPolicy: policy } = options;
    step(options.reset, () => settings.reset(), 'Configuration reset to defaults');
    step(options.init, () => settings.init(), 'Configuration written to config.json');
    step(preset, () => settings.preset(preset as string), `Preset '${preset}' applied`);
    step(options.minimalMode, () => settings.minimal(), 'Minimal mode enabled - all Core Loop features disabled');
    step(enable, () => settings.switch(enable as string, true), `Feature '${enable}' enabled`);
    step(disable, () => settings.switch(disable as string, false), `Feature '${disable}' disabled`);
    for (const wanted of [options.enforceUsage, options.enforceOrchestration]) {
      const enabled = wanted === 'true';
      step(wanted, () => settings.enforce({ enabled }), `✅ Enforcement ${enabled ? 'enabled' : 'disabled'}`);
    }
    step(level, () => settings.enforce({ level: level as EnforcementLevel }), `✅ Enforcement level set to: ${level}`);
    step(policy, () => settings.setAccess(policy as AccessPolicy), `Access policy set to: ${policy}`);
    let last: Settings | undefined;
    for (const make of steps) {
      const { settings, says } = await make();
      last = settings;
      context.output.message(says);
    }
    if (last && (options.show || options.json)) print(context, last, options);
  });
}

async function getOrSet(
  context: CliContext,
  [verb, key, value]: readonly (string | undefined)[],
  options: ConfigOptions,
): Promise<void> {
  if (verb === 'get' && key !== undefined && value === undefined) {
    await reading(context, async ({ plan }) => {
      const found = await new ProjectSettings(plan).get(key);
      context.output.data(options.json || typeof found === 'object' ? JSON.stringify(found) : plain(String(found)));
    });
  } else if (verb === 'set' && key !== undefined && value !== undefined) {
    await writing(context, async ({ plan }) => {
      const settings = await new ProjectSettings(plan).set(key, value);
      context.output.message(`${plain(key)} set to ${plain(value)}`);
      if (options.json) print(context, settings, options);
    });
  } else throw new InvalidInputError('verb', 'Usage: tm config get KEY, or tm config set KEY VALUE.');
}

/** The lines that scripts know, and one a feature. */
function print({ output }: CliContext, settings: Settings, { json }: ConfigOptions): void {
  if (json) {
    output.data(JSON.stringify(settings));
    return;
  }
  const word = (flag: boolean) => (flag ? 'True' : 'False');
  const flags = FEATURES.map((feature) => `'${feature}': ${word(settings.features[feature])}`).join(', ');
  const { enforcement, access, models, execution, working_hours: hours } = settings;
  const chosen = [models.provider, models.model, models.base_url].filter((text) => text !== '');
  output.data(
    [
      'Current configuration:',
      `  features: {${flags}}`,
      `  minimal_mode: ${word(settings.minimal_mode)}`,
      `  telemetry_enabled: ${word(settings.telemetry_enabled)}`,
      `  version: ${plain(settings.version)}`,
      `  enforcement: ${enforcement.enabled ? enforcement.level : `disabled (level ${enforcement.level})`}`,
      `  access_policy: ${access.policy}${access.set_by ? ` (set by ${plain(access.set_by)})` : ''}`,
      ...(chosen.length > 1 || models.provider !== 'auto' ? [`  models: ${chosen.map(plain).join(', ')}`] : []),
      ...(execution.enabled ? ['  execution: enabled, where a person allowed it on their machine'] : []),
      `  working_hours: ${plain(hours.days)} ${plain(hours.hours)} (${plain(hours.time_zone)})`,
      ...ownWeights(settings),
      ...FEATURES.map((feature) => `${feature}: ${isEnabled(settings, feature) ? 'enabled' : 'disabled'}`),
    ].join('\n'),
  );
}

/** The weights of planning that are not the usual ones. */
function ownWeights(settings: Settings): string[] {
  return (['complexity', 'next_task'] as const).flatMap((part) => {
    const usual: Readonly<Record<string, number>> = DEFAULT_SETTINGS[part].weights;
    const own = Object.entries(settings[part].weights).filter(([name, weight]) => weight !== usual[name]);
    return own.map(([name, weight]) => `  ${part}.weights.${name}: ${weight}`);
  });
}

/** The level, whether it is in force, and what is not set up here. */
async function showEnforcement(context: CliContext, { json }: ConfigOptions): Promise<void> {
  const { orchestration } = await import('../orchestration.js');
  const view = await orchestration(context, locateStore(context.workingFolder));
  if (json) {
    context.output.data(JSON.stringify(view));
    return;
  }
  context.output.data(
    [
      `Enforcement Level: ${view.level}`,
      `Currently Active: ${view.enforced ? 'Yes' : 'No'}`,
      'Auto-Detection: Enabled',
      view.valid ? '✅ Orchestration Context: Valid' : `❌ Violations Found: ${view.violations.length}`,
      ...view.violations.map(({ problem }) => `  ${problem}`),
    ].join('\n'),
  );
}
