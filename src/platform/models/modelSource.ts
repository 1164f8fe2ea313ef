import type { ModelProvider, ModelSource } from '../../app/ports.js';
import { OrchestratorError } from '../../core/model/errors.js';
import { checkModelAddress } from '../../core/model/modelAddress.js';
import type { ModelSettings } from '../../core/settings/settings.js';
import { Service } from './service.js';

/** Models that are asked where nobody names one. */
const DEFAULT_MODELS = { anthropic: 'claude-sonnet-5-5', openai: 'gpt-5.4' } as const;
/** Patience with one answer, ms. */
const TIMEOUT = 180_000;

/** Keys that are kept elsewhere than in the environment. A key for an address is used for that address only. */
export interface KeptKeys {
  of(provider: 'anthropic' | 'openai' | 'compatible', address?: string): Promise<string | undefined>;
}

export interface ModelSourceOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the project, or the editor's settings, say. */
  readonly settings: ModelSettings;
  readonly keys?: KeptKeys;
  /** The model of the program around us, an editor or an MCP client: asked before any service. */
  readonly lent?: ModelProvider | undefined;
}

/**
 * The models that can be asked: that of the program around us, then the services for which there is a key or an address. What the
 * settings name comes first. A key of the environment goes only to the service's own address, or to one that the environment
 * names: never to an address that came with a project.
 */
export function modelSource(options: ModelSourceOptions): ModelSource {
  return { providers: () => providersOf(options) };
}

async function providersOf({ env, settings, keys, lent }: ModelSourceOptions): Promise<readonly ModelProvider[]> {
  if (settings.provider === 'template') return [];
  const timeout = timeoutOf(env);
  const named = (provider: ModelProvider['name']) =>
    settings.provider === provider && settings.model ? settings.model : undefined;
  const service = async (name: 'anthropic' | 'openai', title: string, variable: string, addressVariable: string) => {
    const key = env[variable]?.trim() || (await keys?.of(name));
    const given = readAddress(env[addressVariable], addressVariable);
    return new Service(
      { name, key, timeout, address: given.address },
      {
        label: given.address ? `${title} at ${given.address}` : title,
        model: env.TM_MODEL?.trim() || named(name) || DEFAULT_MODELS[name],
        unavailable: key ? given.problem : `there is no key. Set ${variable}${keys ? ', or run “Set Model Key”' : ''}.`,
      },
    );
  };
  const list: ModelProvider[] = [
    ...(lent ? [lent] : []),
    await service('anthropic', 'Anthropic', 'ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL'),
    await service('openai', 'OpenAI', 'OPENAI_API_KEY', 'OPENAI_BASE_URL'),
    await compatible({ env, settings, ...(keys && { keys }) }, timeout),
  ];
  const first = list.filter(({ name }) => name === settings.provider);
  // An address that somebody set up is meant to be used before a key that happens to be there.
  const local = list.filter(({ name, unavailable }) => name === 'compatible' && unavailable === undefined);
  return [...new Set([...first, ...(lent ? [lent] : []), ...local, ...list])];
}

async function compatible({ env, settings, keys }: ModelSourceOptions, timeout: number): Promise<ModelProvider> {
  const own = env.TM_MODEL_BASE_URL?.trim();
  const given = own ? readAddress(own, 'TM_MODEL_BASE_URL') : readAddress(settings.base_url, 'models.base_url');
  const { address } = given;
  const environmentKey = own ? env.TM_MODEL_API_KEY?.trim() : undefined;
  const key = environmentKey || (address === undefined ? undefined : await keys?.of('compatible', address));
  const from = own ? '' : ' (address from the settings)';
  return new Service(
    { name: 'compatible', key, address, timeout },
    {
      label: address ? `The model service at ${address}${from}` : 'An OpenAI-compatible service',
      model:
        env.TM_MODEL?.trim() || (['auto', 'compatible'].includes(settings.provider) ? settings.model : '') || undefined,
      unavailable:
        given.problem ??
        (address ? undefined : 'there is no address. Set TM_MODEL_BASE_URL, such as http://localhost:11434/v1.'),
    },
  );
}

function readAddress(
  text: string | undefined,
  field: string,
): { readonly address?: string; readonly problem?: string } {
  if (!text?.trim()) return {};
  try {
    return { address: checkModelAddress(text, field) };
  } catch (error) {
    if (!(error instanceof OrchestratorError)) throw error;
    return { problem: error.message };
  }
}

function timeoutOf(env: ModelSourceOptions['env']): number {
  const seconds = Number(env.TM_MODEL_TIMEOUT);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, 3_600_000) : TIMEOUT;
}
