import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { Database } from '../../../src/store/database.js';
import type { Engine } from '../../../src/store/engine/engine.js';
import { nodeEngine } from '../../../src/store/engine/nodeEngine.js';
import { loadState } from '../../../src/store/loadState.js';
import { SCHEMA, SCHEMA_VERSION } from '../../../src/store/schema.js';
import { wasm } from '../../support/engine.js';

const LONG_AGO = new Date('2026-01-01T00:00:00Z');

let folder: string;
let copies: string;
let path: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copies-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  copies = mkdtempSync(join(folder, 'own-'));
  path = join(folder, 'tasks.db');
  const database = new Database(await wasm());
  database.exec(`${SCHEMA}PRAGMA user_version = ${SCHEMA_VERSION}`);
  database.run("INSERT INTO meta (key, value) VALUES ('store_id', 'here')");
  for (let number = 1; number <= 300; number += 1)
    database.run('INSERT INTO tasks (id, number, title, description) VALUES (?, ?, ?, ?)', [
      idOf(number),
      number,
      `Task ${number}`,
      'x'.repeat(5_000),
    ]);
  writeFileSync(path, database.export());
  utimesSync(path, LONG_AGO, LONG_AGO);
});

/** Node's SQLite, with copies made in `copies`, and how many it made. */
function counting(into: string): { readonly engine: Engine; made: number } {
  const engine = nodeEngine({ copies: into }) as Engine;
  const counted = {
    made: 0,
    engine: {
      ...engine,
      openCopy: (file: string) => {
        const copy = engine.openCopy?.(file);
        if (copy) counted.made += 1;
        return copy;
      },
    },
  };
  return counted;
}

describe.runIf(nodeEngine())('a large file is opened as a private copy', () => {
  test('which has its content, and whose changes never reach it', () => {
    const before = readFileSync(path);
    const counted = counting(copies);
    const { database } = loadState(counted.engine, path);
    expect(counted.made).toBe(1);
    expect(database.get('SELECT count(*) AS n FROM tasks')).toEqual({ n: 300 });
    database.run("UPDATE tasks SET title = 'changed' WHERE number = 7");
    database.run("INSERT INTO tasks (id, number, title) VALUES ('ffffffff', 301, 'one more')");
    const again = new Database(nodeEngine() as Engine, database.export());
    expect(again.all('SELECT number FROM tasks WHERE title IN (?, ?)', ['changed', 'one more'])).toEqual([
      { number: 7 },
      { number: 301 },
    ]);
    expect(again.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
    database.close();
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('of which no name is left while it is open', () => {
    const { database } = loadState(counting(copies).engine, path);
    expect(readdirSync(copies)).toEqual([]);
    expect(database.get('SELECT title FROM tasks WHERE id = ?', [idOf(300)])).toEqual({ title: 'Task 300' });
    database.close();
  });

  test.each([
    ['that is small', () => writeFileSync(path, readFileSync(path).subarray(0, 4096))],
    ['with a write-ahead log', () => patch((bytes) => bytes.fill(2, 18, 20))],
    ['in a folder where no copy can be made', () => rmSync(copies, { recursive: true })],
  ])('but not one %s', (_, change) => {
    change();
    utimesSync(path, LONG_AGO, LONG_AGO);
    expect(counting(copies).engine.openCopy?.(path)).toBeUndefined();
  });

  test('nor one that was just written: it is read twice, in case another client is at it', () => {
    writeFileSync(path, readFileSync(path));
    const counted = counting(copies);
    expect(loadState(counted.engine, path).database.get('SELECT count(*) AS n FROM tasks')).toEqual({ n: 300 });
    expect(counted.made).toBe(0);
  });

  test('and damage in it is told as in the file', () => {
    patch((bytes) => bytes.fill(0x41, 0, 16));
    expect(() => loadState(counting(copies).engine, path)).toThrow(/not a readable SQLite database/);
    expect(readdirSync(copies)).toEqual([]);
  });
});

function idOf(number: number): string {
  return String(number).padStart(8, '0');
}

function patch(change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(path);
  change(bytes);
  writeFileSync(path, bytes);
  utimesSync(path, LONG_AGO, LONG_AGO);
}
