import * as z from 'zod';
import { OrchestratorError } from '../../core/model/errors.js';
import { type Output, schema } from '../input.js';
import type { ModelProvider, ModelSource } from '../ports.js';

/** One service is waited for so long (ms). */
export const SERVICE_PATIENCE = 5_000;

export const serviceReach = schema(() =>
  z.object({
    name: z.string().describe('The provider, as the settings call it'),
    label: z.string().describe('As people call it, with the address where that is not its own'),
    result: z.enum(['reachable', 'key refused', 'not reachable', 'not configured']),
    says: z.string().describe('What it answered, or why it was not asked; never a key'),
    models: z.number().int().nullable().describe('How many models it offers; null: it was not said'),
  }),
);

export type ServiceReach = Output<typeof serviceReach>;

/**
 * Asks each service that is set up for the list of its models: that costs nothing, and needs the key. Nothing else is
 * sent. The others are named with what they lack. Throws the signal's reason where it is aborted.
 */
export async function reachServices(source: ModelSource, signal: AbortSignal): Promise<ServiceReach[]> {
  const providers = await source.providers();
  return Promise.all(providers.map((provider) => reach(provider, signal)));
}

async function reach(provider: ModelProvider, signal: AbortSignal): Promise<ServiceReach> {
  const { name, label, unavailable } = provider;
  const outcome = (result: ServiceReach['result'], says: string, models: number | null = null): ServiceReach => ({
    name,
    label,
    result,
    says,
    models,
  });
  if (unavailable !== undefined) return outcome('not configured', unavailable);
  if (!provider.models) return outcome('reachable', 'it is part of the editor, and was not asked');
  try {
    const models = await provider.models(signal, SERVICE_PATIENCE);
    return outcome(
      'reachable',
      `it offers ${models.length === 1 ? '1 model' : `${models.length} models`}`,
      models.length,
    );
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof OrchestratorError)) throw error;
    const { reason } = error.details;
    // Who limits how often it is asked is there, and took the key.
    const result = reason === 'key' ? 'key refused' : reason === 'rate limit' ? 'reachable' : 'not reachable';
    return outcome(result, error.message.replace(`${label} `, 'it '));
  }
}

export function serviceLines(services: readonly ServiceReach[]): string[] {
  if (services.length === 0) return ['services: none is asked, the settings say “template”'];
  return services.map(({ label, result, says }) => `${label}: ${result} (${says.replace(/\.$/, '')})`);
}
