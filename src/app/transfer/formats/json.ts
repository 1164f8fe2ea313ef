import { InvalidInputError } from '../../../core/model/errors.js';
import { Readings } from '../../../core/transfer/readings.js';
import type { SourceFile } from '../importSource.js';
import { textOf } from '../importSource.js';
import { isObject, parseJson, parseLines } from './jsonText.js';
import { readOwnRow } from './ownRows.js';

/** A JSON array of tasks, or an object with one as `tasks`. */
export function readJsonFile(file: SourceFile): Readings {
  const value = parseJson(textOf(file), file.path);
  const list = isObject(value) ? value.tasks : value;
  if (!Array.isArray(list))
    throw new InvalidInputError('file', `${file.path} holds no JSON array of tasks. Nothing was imported.`);
  const readings = new Readings();
  list.forEach((row: unknown, at) => {
    if (isObject(row)) readOwnRow(row, `item ${at + 1}`, readings);
    else readings.refuse(`item ${at + 1}`, 'item', 'is not a JSON object.');
  });
  return readings;
}

/** One task a line. */
export function readJsonLines(file: SourceFile): Readings {
  const readings = new Readings();
  for (const { line, value } of parseLines(textOf(file), readings)) readOwnRow(value, `line ${line}`, readings);
  return readings;
}
