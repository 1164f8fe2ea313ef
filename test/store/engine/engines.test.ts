import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { Database } from '../../../src/store/database.js';
import type { Engine } from '../../../src/store/engine/engine.js';
import { nodeEngine } from '../../../src/store/engine/nodeEngine.js';
import { openImage } from '../../../src/store/image.js';
import type { Value } from '../../../src/store/record.js';
import { SCHEMA } from '../../../src/store/schema.js';
import { wasm } from '../../support/engine.js';

const node = nodeEngine();
const TABLES = `
  CREATE TABLE typed (id INTEGER PRIMARY KEY, word TEXT UNIQUE, amount REAL, n INTEGER CHECK (n IS NULL OR n != 13));
  CREATE TABLE untyped (a, b, c DEFAULT "none");
  CREATE TABLE child (typed_id INTEGER NOT NULL REFERENCES typed (id) ON DELETE CASCADE, note TEXT);
  CREATE TRIGGER counted AFTER INSERT ON child BEGIN UPDATE typed SET amount = coalesce(amount, 0) + 1 WHERE id = NEW.typed_id; END;`;

/** One step, as both engines take it. */
type Step =
  | { readonly do: 'run' | 'all' | 'exec'; readonly sql: string; readonly values?: readonly Value[] }
  | { readonly do: 'export' };

/** Without what UTF-8 has no form for: the engines write a lone surrogate in different ways, and `JSON.stringify` for journals in a third. */
const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', 'a\0b', "it's", '日本語 🚀', '12', '1.50', 'null'),
);
const numbers = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.maxSafeInteger(),
  fc.constantFrom(
    -0,
    13,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31),
    2 ** 53,
    2 ** 63,
    -(2 ** 63),
    1e308,
    Number.POSITIVE_INFINITY,
  ),
);
const values = fc.oneof(texts, numbers, fc.constant(null));
const small = fc.integer({ min: 1, max: 6 });

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(small, values, values, values)
    .map((row): Step => ({ do: 'run', sql: 'INSERT INTO typed VALUES (?, ?, ?, ?)', values: row })),
  fc
    .tuple(values, values)
    .map((row): Step => ({ do: 'run', sql: 'INSERT INTO untyped (a, b) VALUES (?, ?)', values: row })),
  fc.tuple(small, texts).map((row): Step => ({ do: 'run', sql: 'INSERT INTO child VALUES (?, ?)', values: row })),
  fc
    .tuple(values, small)
    .map((row): Step => ({ do: 'run', sql: 'UPDATE typed SET word = ? WHERE id = ?', values: row })),
  small.map((id): Step => ({ do: 'run', sql: 'DELETE FROM typed WHERE id = ?', values: [id] })),
  values.map(
    (value): Step => ({
      do: 'all',
      sql: 'SELECT ?1 AS v, typeof(?1) AS t, length(?1) AS l, hex(?1) AS h',
      values: [value],
    }),
  ),
  values.map(
    (value): Step => ({
      do: 'all',
      sql: "SELECT json_array(?1, a, b) AS j FROM untyped WHERE typeof(a) != 'blob'",
      values: [value],
    }),
  ),
  fc
    .constantFrom(
      ...['SELECT * FROM typed ORDER BY id', 'SELECT *, typeof(a), typeof(b) FROM untyped ORDER BY rowid'],
      ...['SELECT t.*, c.* FROM typed AS t, child AS c ORDER BY t.id, c.rowid', 'SELECT 1 AS a, 2 AS a, 3 AS b'],
      ...['SELECT 9007199254740993 AS big, -9223372036854775808 AS least, 9223372036854775807 AS most'],
      ...["SELECT x'00ff10' AS bytes, x'' AS nothing, zeroblob(3) AS zeros", 'SELECT "not a column" AS text'],
      ...[
        'SELECT count(*) FROM child',
        'SELECT * FROM missing',
        'SELEC 1',
        'PRAGMA foreign_keys',
        'PRAGMA integrity_check',
      ],
      ...[
        "SELECT group_concat(word, ', ') AS words, avg(n), total(amount) FROM typed",
        'SELECT abs(-9223372036854775808)',
      ],
      ...['PRAGMA user_version', 'PRAGMA journal_mode', 'PRAGMA page_size', 'SELECT json(\'{"a":1.0}\') AS j'],
    )
    .map((sql): Step => ({ do: 'all', sql })),
  fc
    .constantFrom(
      ...['SAVEPOINT one', 'RELEASE one', 'ROLLBACK TO one', 'ROLLBACK TO one; RELEASE one', 'BEGIN', 'COMMIT'],
      ...[
        'ALTER TABLE typed ADD COLUMN extra DEFAULT 7',
        'PRAGMA user_version = 5',
        "INSERT INTO untyped VALUES (x'01', 1, 2); SELECT 1",
      ],
      ...['DELETE FROM untyped', "INSERT INTO untyped SELECT x'', zeroblob(9000), NULL", 'VACUUM'],
    )
    .map((sql): Step => ({ do: 'exec', sql })),
  fc.constant<Step>({ do: 'export' }),
);

/** What a step says, or with which words it is refused; an export, of what is committed, is told by what is in it. */
function take(database: Database, step: Step, others: readonly Engine[]): unknown {
  try {
    if (step.do === 'run') return database.run(step.sql, step.values);
    if (step.do === 'all') return database.all(step.sql, step.values);
    if (step.do === 'exec') return database.exec(step.sql);
    if (inTransaction(database)) database.exec('ROLLBACK');
    const image = database.export();
    return others.map((engine) => contents(new Database(engine, new Uint8Array(image))));
  } catch (error) {
    return { error: (error as Error).message };
  }
}

function inTransaction(database: Database): boolean {
  try {
    database.exec('BEGIN; ROLLBACK');
    return false;
  } catch {
    return true;
  }
}

function contents(database: Database): unknown {
  const tables = ['typed', 'untyped', 'child'].map((name) => database.all(`SELECT rowid, * FROM ${name}`));
  const checked = database.all('PRAGMA integrity_check');
  database.close();
  return [...tables, checked];
}

describe.skipIf(!node)('Node’s SQLite and sql.js', () => {
  test('say the same to the same statements, and each reads what the other wrote', async () => {
    const engines = [await wasm(), node as Engine];
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 40 }), (taken) => {
        const [one, other] = engines.map((engine) => {
          const database = new Database(engine);
          database.exec(TABLES);
          const said = taken.map((step) => take(database, step, engines));
          database.close();
          return said;
        });
        expect(other).toEqual(one);
      }),
      { seed: 20_261_121, numRuns: 300 },
    );
  });

  test('tell damage in the same words', async () => {
    const engines = [await wasm(), node as Engine];
    const [sqlite] = engines as [Engine];
    const database = new Database(sqlite);
    database.exec(`${SCHEMA}${TABLES}`);
    for (let n = 1; n < 400; n += 1) database.run('INSERT INTO typed VALUES (?, ?, ?, ?)', [n, `word ${n}`, n / 3, -n]);
    const image = database.export();
    database.close();
    const damages: fc.Arbitrary<Damage> = fc.oneof(
      fc.uint8Array({ maxLength: 600 }).map((bytes): Damage => ({ kind: 'other', bytes })),
      fc.nat(image.length).map((length): Damage => ({ kind: 'cut', length })),
      fc
        .tuple(fc.oneof(fc.nat(99), fc.nat(image.length - 1)), fc.integer({ min: 1, max: 255 }))
        .map(([at, by]): Damage => ({ kind: 'flipped', at, by })),
      fc.nat(Math.floor(image.length / PAGE)).map((page): Damage => ({ kind: 'zeroed', page })),
    );
    fc.assert(
      fc.property(damages, (damage) => {
        const [one, other] = engines.map((engine) => examined(engine, damaged(image, damage)));
        expect(other).toEqual(one);
      }),
      { seed: 20_261_121, numRuns: 500 },
    );
  });

  test('write no file in the middle of a transaction', async () => {
    for (const engine of [await wasm(), node as Engine]) {
      const database = new Database(engine);
      database.exec(`${TABLES} SAVEPOINT work; INSERT INTO untyped (a) VALUES (1)`);
      expect(() => database.export()).toThrow('transaction');
    }
  });

  test('read a file that another client left in WAL mode', async () => {
    for (const engine of [await wasm(), node as Engine]) {
      const made = new Database(engine);
      made.exec(TABLES);
      const image = made.export();
      image.fill(2, 18, 20);
      const database = openImage(engine, image, 'tasks.db');
      database.run('INSERT INTO untyped (a) VALUES (1)');
      expect(database.all('SELECT a, c FROM untyped')).toEqual([{ a: 1, c: 'none' }]);
      expect(database.export()[18]).toBe(1);
    }
  });
});

describe('Node’s SQLite is left alone', () => {
  const found = (DatabaseSync: unknown, warns = false) => {
    const tell = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const load = vi.spyOn(process, 'getBuiltinModule').mockImplementation((() => {
      if (warns) process.emitWarning('SQLite is an experimental feature', 'ExperimentalWarning');
      return DatabaseSync && { DatabaseSync };
    }) as typeof process.getBuiltinModule);
    try {
      return { engine: nodeEngine(), warnings: tell.mock.calls.length };
    } finally {
      load.mockRestore();
      tell.mockRestore();
    }
  };
  class Whole {
    serialize(): void {}
    deserialize(): void {}
  }

  test('where there is none', () => expect(found(undefined)).toEqual({ engine: undefined, warnings: 0 }));
  test('where it cannot read bytes', () => expect(found(class {})).toEqual({ engine: undefined, warnings: 0 }));
  test('where Node warns of it, which nobody sees', () =>
    expect(found(Whole, true)).toEqual({ engine: undefined, warnings: 0 }));
  test('and taken otherwise', () => expect(found(Whole).engine).toBeDefined());
});

const PAGE = 4096;

type Damage =
  | { readonly kind: 'other'; readonly bytes: Uint8Array }
  | { readonly kind: 'cut'; readonly length: number }
  | { readonly kind: 'flipped'; readonly at: number; readonly by: number }
  | { readonly kind: 'zeroed'; readonly page: number };

function damaged(image: Uint8Array, damage: Damage): Uint8Array {
  if (damage.kind === 'other') return new Uint8Array(damage.bytes);
  if (damage.kind === 'cut') return image.slice(0, damage.length);
  const bytes = new Uint8Array(image);
  if (damage.kind === 'zeroed') return bytes.fill(0, damage.page * PAGE, (damage.page + 1) * PAGE);
  bytes[damage.at] = (bytes[damage.at] as number) ^ damage.by;
  return bytes;
}

/** What an image's rows are and whether SQLite's check finds fault; or why it cannot be read. Newer versions find more faults in a page. */
function examined(engine: Engine, bytes: Uint8Array): unknown {
  const quietly = (work: () => unknown) => {
    try {
      return work();
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      return { ...(code === 'STORE_CORRUPT' && { code }), message };
    }
  };
  let database: Database | undefined;
  const opened = quietly(() => {
    database = openImage(engine, bytes, 'tasks.db');
  });
  const open = database;
  if (!open) return opened;
  const said = [
    quietly(() => open.get<{ integrity_check: string }>('PRAGMA integrity_check')?.integrity_check === 'ok'),
    quietly(() => open.all('SELECT * FROM typed')),
    quietly(() => open.run("INSERT INTO typed VALUES (1000, 'new', 0, 0)")),
    quietly(() => open.all('SELECT * FROM typed WHERE word = ?', ['word 7'])),
  ];
  open.close();
  return said;
}
