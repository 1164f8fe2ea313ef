import type { StoreFolder } from '../ports.js';
import { readHeader } from './fileHeader.js';

/** Saves a version of a file that is about to be replaced or removed; where that name is taken, under the next one. */
export function keepBeside(folder: StoreFolder, path: string, text: string): string {
  for (let number = 1; ; number += 1) {
    const kept = `${path}.edited${number === 1 ? '' : `-${number}`}`;
    const there = folder.read(kept);
    if (there === undefined) folder.write(kept, text);
    if (there === undefined || there === text) return kept;
  }
}

/** The same for what the store does not hold: edits that nobody took over yet, or a file of another program's making. */
export function keepForeign(folder: StoreFolder, path: string): void {
  const text = folder.read(path);
  if (text === undefined) return;
  const read = readHeader(text);
  if (!read || read.isEdited) keepBeside(folder, path, text);
}
