import { contentHash } from '../../../core/transfer/contentHash.js';
import type { Readings } from '../../../core/transfer/readings.js';
import { plainText } from '../../../core/transfer/taskReading.js';

/**
 * A name for a task that has none in its file: it follows from what tells it apart (its title, and what it stands
 * under), so that it is the same the next time; of equals the second is the second.
 */
export function nameWithout(words: unknown, readings: Readings): string {
  const name = `title:${contentHash(plainText(words).trim())}`;
  for (let copy = 1; ; copy += 1) {
    const candidate = copy === 1 ? name : `${name}#${copy}`;
    if (!readings.has(candidate)) return candidate;
  }
}
