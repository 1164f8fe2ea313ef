import type { Value } from '../record.js';
import { EngineNeeded } from './engineNeeded.js';

/** A table's columns in the order of its records, each with what it holds in rows that are older than itself. */
export interface TableColumn {
  readonly name: string;
  readonly standard: Value;
  /** The row's own number stands in it. */
  readonly rowid: boolean;
}

const CONSTRAINT = /^(PRIMARY|UNIQUE|CHECK|FOREIGN|CONSTRAINT)\b/i;

/** Reads a CREATE TABLE as this product writes it; EngineNeeded for what it does not understand. */
export function readColumns(sql: string): readonly TableColumn[] {
  const text = sql.replace(/--[^\n]*/g, '');
  return parts(text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')))
    .filter((part) => !CONSTRAINT.test(part))
    .map((part) => {
      const name = /^"?(\w+)"?/.exec(part)?.[1];
      if (name === undefined) throw new EngineNeeded('an unknown form of table');
      return { name, standard: standardOf(part), rowid: /\bINTEGER PRIMARY KEY\b/i.test(part) };
    });
}

function standardOf(part: string): Value {
  const given = /\bDEFAULT\s+(?:(-?\d+(?:\.\d+)?)\b|'((?:[^']|'')*)'|(\S+))/i.exec(part);
  if (!given) return null;
  if (given[1] !== undefined) return Number(given[1]);
  // An expression or CURRENT_TIMESTAMP: only for rows that were inserted without it, which have it since.
  return given[2]?.replaceAll("''", "'") ?? null;
}

/** What commas outside of brackets and quotes keep apart. */
function parts(text: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === "'") quoted = !quoted;
    else if (quoted) continue;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === ',' && depth === 0) {
      found.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  return [...found, text.slice(start).trim()];
}

/** The columns of the index that a PRIMARY KEY or UNIQUE made, by its number, from 1. */
export function constraintColumns(sql: string, number: number): readonly string[] {
  const text = sql.replace(/--[^\n]*/g, '');
  const found = parts(text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'))).flatMap((part) => {
    const list = /^(?:PRIMARY KEY|UNIQUE)\s*\(([^)]*)\)/i.exec(part)?.[1];
    if (list !== undefined) return [list.split(',').map((name) => name.trim())];
    if (CONSTRAINT.test(part) || /\bINTEGER PRIMARY KEY\b/i.test(part)) return [];
    return /\b(PRIMARY KEY|UNIQUE)\b/i.test(part) ? [[/^"?(\w+)"?/.exec(part)?.[1] ?? '']] : [];
  });
  return found[number - 1] ?? [];
}

/** The columns of a CREATE INDEX; none of one that holds only some rows. */
export function indexColumns(sql: string): readonly string[] {
  const list = /\(([^()]*)\)\s*$/.exec(sql)?.[1];
  return list === undefined ? [] : list.split(',').map((name) => name.trim());
}
