import { dirname } from 'node:path';
import { type NameSource, person } from '../platform/world.js';
import type { CliContext } from './context.js';
import type { Session } from './session.js';

/** In whose name a run acts, and what says so. */
export interface Acting {
  readonly name: string;
  readonly source: '--agent-id' | NameSource;
}

export function actingAs({ agent }: CliContext, { location }: Session): Acting {
  return agent === undefined ? person(location.root, dirname(location.path)) : { name: agent, source: '--agent-id' };
}
