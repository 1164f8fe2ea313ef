import type { CodePlace } from '../../core/model/fileReference.js';

/** A reference among the edges of an import, by a name that says all of it. */
export function placeName({ path, line, endLine }: CodePlace): string {
  return JSON.stringify(['place', path, line ?? null, endLine ?? null]);
}
