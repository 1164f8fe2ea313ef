import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { readOpenPlan } from '../../src/app/planning/nextTask/readOpenPlan.js';
import { rank } from '../../src/core/planning/nextTask/choose.js';
import { DEFAULT_WEIGHTS } from '../../src/core/planning/nextTask/weights.js';
import { DirectRows } from '../../src/store/direct/directRows.js';
import { EngineNeeded } from '../../src/store/direct/engineNeeded.js';
import { readCommits } from '../../src/store/repositories/commitRows.js';
import {
  readAnalysedNumbers,
  readDetails,
  readFiles,
  readLastTask,
  readOpenRows,
  readTasksOfFile,
} from '../../src/store/repositories/nextTaskRows.js';
import { readAllReferences, readReferences } from '../../src/store/repositories/referenceRows.js';
import {
  readNumber,
  readPlan,
  readPlanAround,
  readReady,
  readSummary,
  readTask,
  resolveTask,
} from '../../src/store/repositories/taskRows.js';
import { Store } from '../../src/store/store.js';
import { openStore, storeOptions, storePath } from '../support/stores.js';

const NOW = '2026-06-01T00:00:00.000Z';
const id = (n: number) => ((n * 2654435761) >>> 0).toString(16).padStart(8, '0');

/** A store with some of everything: long and empty texts, numbers of all sizes, deleted rows, deep trees of pages. */
async function fill(store: Store, tasks: number, from = 1): Promise<void> {
  await store.commit('tester', 'fill', (tx) => {
    for (let n = from; n < from + tasks; n += 1) {
      tx.insert('tasks', {
        id: id(n),
        number: n,
        title: n % 7 === 0 ? `日本語 ${n} 🚀` : `Task ${n}`,
        description: n % 5 === 0 ? 'é'.repeat((n * 37) % 5000) : null,
        status:
          ['pending', 'in_progress', 'completed', 'cancelled', 'blocked', 'pending', 'pending'][n % 7] ?? 'pending',
        priority: ['critical', 'high', 'medium', 'low', 'background'][n % 5] ?? 'medium',
        estimated_hours: n % 3 === 0 ? n / 4 : n % 4 === 0 ? n * 1000 : null,
        not_before: n % 11 === 0 ? '2027-01-01T00:00:00.000Z' : null,
        claimed_by: n % 13 === 0 ? 'ann' : null,
        claim_expires_at: n % 13 === 0 ? (n % 2 === 0 ? '2026-07-01T00:00:00.000Z' : '2026-01-01T00:00:00.000Z') : null,
        business_value: n % 2 === 0 ? -n * 40_000 : 2 ** 40 + n,
        tags: n % 4 === 0 ? '["api","ui"]' : null,
        claimed_at: n % 13 === 0 ? `2025-12-0${1 + (n % 9)}T00:00:00.000Z` : null,
        assignee: n % 8 === 0 ? 'bob' : null,
        started_at: n % 16 === 0 ? `2025-12-0${1 + (n % 9)}T00:00:00.000Z` : null,
        success_criteria: n % 10 === 1 ? '[{"criterion":"it works","done":false}]' : null,
        parent_id: n % 9 === 0 ? id(n - 1) : null,
        created_at: `2026-01-01T00:00:${String(n % 60).padStart(2, '0')}.000Z`,
        updated_at: '2026-01-01T00:00:00.000Z',
        created_by: 'tester',
      });
      for (const back of [1, 5, 17])
        if (n - back >= from && n % (back + 2) === 0)
          tx.insert('dependencies', { task_id: id(n), depends_on: id(n - back) });
      if (n % 14 === 0)
        tx.insert('task_analyses', {
          task_id: id(n),
          kind: n % 28 === 0 ? 'effort' : 'complexity',
          input_hash: 'x',
          result: JSON.stringify(n % 28 === 0 ? { p50: n / 7, p80: n } : { score: 1 + (n % 9) }),
          analysed_at: '2026-01-01T00:00:00.000Z',
          analysed_by: 'tester',
        });
      for (const hash of n % 6 === 0 ? ['b', 'a'] : [])
        tx.insert('git_commits', {
          task_id: id(n),
          commit_hash: hash.repeat(40),
          commit_message: n % 12 === 0 ? 'é'.repeat((n * 91) % 3000) : null,
          ...(n % 18 === 0 && { committed_at: `2026-01-0${1 + (n % 9)}T00:00:00.000Z`, files_changed: n, verified: 1 }),
          linked_at: NOW,
          linked_by: 'tester',
        });
      if (n % 6 === 0)
        tx.insert('file_refs', {
          uid: id(n + 1_000_000),
          task_id: id(n),
          file_path: 'a.ts',
          line_start: n,
          line_end: null,
        });
    }
  });
}

/** Everything that can be asked both ways. */
function answers(store: Store, tasks: number) {
  const some = [...Array.from({ length: 40 }, (_, at) => id(1 + ((at * 97) % tasks))), id(6), id(12)];
  const sorted = (plan: ReturnType<typeof readPlan> | undefined) =>
    plan && {
      tasks: [...plan.tasks].sort((a, b) => a.number - b.number),
      dependencies: plan.dependencies.map((one) => JSON.stringify(one)).sort(),
    };
  const refusal = (work: () => unknown) => {
    try {
      return work();
    } catch (error) {
      return (error as Error).message;
    }
  };
  const byText = <T>(list: readonly T[]) => [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const { tasks: open, edges, rare } = readOpenRows(store);
  const ids = edges.map((place) => open[place]?.id);
  const { ranked } = rank(readOpenPlan(store, 'ann', NOW), { weights: DEFAULT_WEIGHTS });
  return {
    open: byText(open),
    rare: byText([...rare].map(([place, columns]) => [open[place]?.id, columns])),
    edges: byText(ids.flatMap((task, at) => (at % 2 === 0 ? [{ task, dependsOn: ids[at + 1] }] : []))),
    ranked: ranked.map(({ task, total }) => [task.id, total]),
    details: byText(
      readDetails(store, [...new Set(some)]).map(({ id, number, tags, described, claimed_by, code_language, type }) => {
        return { id, number, tags, described, claimed_by, code_language, type };
      }),
    ),
    files: byText(readFiles(store, new Set(some))),
    ofFile: byText(readTasksOfFile(store, 'a.ts')),
    analyses: byText(readAnalysedNumbers(store)),
    last: ['ann', 'bob', 'nobody'].map((actor) => readLastTask(store, actor)),
    plan: sorted(readPlan(store)),
    ready: readReady(store, NOW),
    around: some.map((one) => sorted(readPlanAround(store, [one]))),
    several: sorted(readPlanAround(store, some.slice(0, 5))),
    tasks: some.map((one) => refusal(() => readTask(store, one))),
    summaries: some.map((one) => readSummary(store, one)),
    numbers: some.map((one) => readNumber(store, one)),
    commits: some.map((one) => readCommits(store, one)),
    references: some.map((one) => readReferences(store, one)),
    allReferences: [...readAllReferences(store)].sort(([a], [b]) => (a < b ? -1 : 1)),
    resolved: ['1', 'T-7', '#3', '999999', id(4).slice(0, 3), id(4), 'ffffffff', '00'].map((name) =>
      refusal(() => resolveTask(store, name)),
    ),
  };
}

/** Both views of what is on disk now. */
async function both(path: string, tasks: number) {
  const direct = Store.openDirectly(storeOptions(path));
  if (!direct) throw new Error('not read directly');
  onTestFinished(() => direct.close());
  const whole = await openStore(path);
  return { direct: answers(direct, tasks), whole: answers(whole, tasks), opened: direct };
}

test.each([3, 700])('%i tasks read from the files are those that SQLite reads', async (tasks) => {
  const path = storePath();
  const store = await openStore(path);
  await fill(store, tasks);
  await store.checkpoint();
  const { direct, whole } = await both(path, tasks);
  expect(direct).toEqual(whole);
});

test('what the journal has beyond the image is seen: new, changed and deleted rows', async () => {
  const path = storePath();
  const store = await openStore(path);
  await fill(store, 300);
  await store.checkpoint();
  await fill(store, 20, 301);
  await store.commit('tester', 'change', (tx) => {
    tx.update('tasks', [id(1)], { status: 'completed', title: 'Changed' });
    tx.update('tasks', [id(310)], { number: 310, priority: 'critical', status: 'pending' });
    tx.update('tasks', [id(310)], { title: 'Changed twice' });
    tx.insert('dependencies', { task_id: id(2), depends_on: id(310) });
    tx.delete('file_refs', [id(1_000_006)]);
    tx.delete('git_commits', [id(6), 'a'.repeat(40)]);
    tx.update('git_commits', [id(12), 'b'.repeat(40)], { author: 'ann', verified: 1 });
    tx.delete('dependencies', [id(6), id(5)]);
    tx.delete('dependencies', [id(8), id(7)]);
    tx.delete('tasks', [id(299)]);
  });
  const { direct, whole } = await both(path, 320);
  expect(direct).toEqual(whole);
});

test('every question that the files do not answer asks for SQLite, and so does every write', async () => {
  const path = storePath();
  await fill(await openStore(path), 3);
  const direct = Store.openDirectly(storeOptions(path));
  if (!direct) throw new Error('not read directly');
  onTestFinished(() => direct.close());
  expect(() => direct.all('SELECT 1')).toThrow(EngineNeeded);
  expect(() => direct.head).toThrow(EngineNeeded);
  await expect(direct.commit('tester', 'x', () => undefined)).rejects.toThrow();
});

test('out of the ordinary is left to SQLite', async () => {
  const path = storePath();
  const store = await openStore(path);
  await fill(store, 50);
  await store.checkpoint();
  const journal = path.replace(/db$/, 'journal');
  const [image, lines] = [readFileSync(path), readFileSync(journal)];
  const opens = () => {
    const rows = DirectRows.open(path);
    rows?.close();
    return rows !== undefined;
  };
  const restored = () => {
    writeFileSync(path, image);
    writeFileSync(journal, lines);
  };
  expect(opens()).toBe(true);
  // Another client wrote.
  execFileSync('sqlite3', [path, "INSERT INTO tasks (id, title) VALUES ('abcdef01', 'By hand')"]);
  expect(opens()).toBe(false);
  restored();
  expect(opens()).toBe(false);
  for (const damage of [
    () => writeFileSync(path, 'not a database'),
    () => writeFileSync(path, image.subarray(0, image.length - 1000)),
    () => writeFileSync(path, ''),
    () => writeFileSync(journal, lines.subarray(0, 20)),
    () => writeFileSync(journal, `${lines}damage\n`),
  ]) {
    restored();
    damage();
    expect(opens()).toBe(false);
  }
});

test('a client that writes while the files are read is noticed', async () => {
  const path = storePath();
  const store = await openStore(path);
  await fill(store, 50);
  await store.checkpoint();
  const rows = DirectRows.open(path);
  if (!rows) throw new Error('not read directly');
  onTestFinished(() => rows.close());
  rows.verify();
  execFileSync('sqlite3', [path, "UPDATE tasks SET title = 'Other'"]);
  expect(() => rows.verify()).toThrow(EngineNeeded);
});
