import { appendFileSync, readFileSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FileJournal } from '../../src/store/fileJournal.js';
import { Chain } from '../../src/store/journal.js';
import { encodeLine } from '../../src/store/journalLine.js';
import type { TransactionRecord } from '../../src/store/record.js';
import { expectRefusal } from '../support/refusal.js';
import { temporaryFolder } from '../support/stores.js';

function record(seq: number, actor = 'a'): TransactionRecord {
  return { seq, at: '2026-01-01T00:00:00.000Z', actor, action: 'test', changes: [] };
}

/** A new journal and the path where others can open it too. */
function createJournal(): { path: string; journal: FileJournal; open: () => FileJournal } {
  const path = join(temporaryFolder(), 'tasks.journal');
  const journal = FileJournal.create(path, { store: 's', base: 0, chain: '', image: 'image 1' });
  return { path, journal, open: () => FileJournal.open(path)! };
}

/** Actor of each record that is new; a checkpoint as the number that it goes up to. */
function news(journal: FileJournal): (string | number)[] {
  const found: (string | number)[] = [];
  for (let next = journal.poll(); next; next = journal.poll()) {
    found.push(...next.records.map((one) => one.actor), ...(next.checkpoint ? [next.checkpoint.seq] : []));
  }
  return found;
}

describe('the chain of records', () => {
  test('takes up what follows its head', () => {
    const chain = new Chain(0, 'aaaaaaaa');
    expect(chain.accept(1, 'aaaaaaaa', 'bbbbbbbb')).toBe(true);
    expect(chain.accept(2, 'bbbbbbbb', 'cccccccc')).toBe(true);
    expect([chain.head, chain.checksum]).toEqual([2, 'cccccccc']);
  });

  test('leaves out an entry that another one came before', () => {
    const chain = new Chain(0, 'aaaaaaaa');
    chain.accept(1, 'aaaaaaaa', 'bbbbbbbb');
    expect(chain.accept(1, 'aaaaaaaa', 'dddddddd')).toBe(false);
    chain.accept(2, 'bbbbbbbb', 'cccccccc');
    expect(chain.accept(1, 'aaaaaaaa', 'eeeeeeee')).toBe(false);
    expect(chain.accept(3, 'cccccccc', 'ffffffff')).toBe(true);
  });

  test('refuses what can follow nothing that it knows', () => {
    const chain = new Chain(5, 'aaaaaaaa');
    expectRefusal(() => chain.accept(7, 'aaaaaaaa', 'b'), 'STORE_CORRUPT', 'record 7', 'record 5');
    expectRefusal(() => chain.accept(6, 'xxxxxxxx', 'b'), 'STORE_CORRUPT');
    expectRefusal(() => chain.accept(4, 'aaaaaaaa', 'b'), 'STORE_CORRUPT');
  });
});

describe('a journal', () => {
  test('gives each reader what others appended, once and in order', () => {
    const { journal, open } = createJournal();
    const reader = open();
    expect(news(reader)).toEqual([]);
    journal.append(record(1, 'one'));
    journal.append(record(2, 'two'));
    expect(news(reader)).toEqual(['one', 'two']);
    expect(news(reader)).toEqual([]);
    expect(news(journal)).toEqual([]);
    expect(news(open())).toEqual(['one', 'two']);
  });

  test('lets one of two writers at once win; the other repeats', () => {
    const { journal: first, open } = createJournal();
    const second = open();
    expect(first.append(record(1, 'first'))).toBe(true);
    expect(second.append(record(1, 'second'))).toBe(false);
    expect(news(second)).toEqual(['first']);
    expect(second.append(record(2, 'second'))).toBe(true);
    expect(news(first)).toEqual(['second']);
    expect(first.append(record(3, 'first'))).toBe(true);
    // The void entry is still in the file: every reader leaves it out.
    expect(news(open())).toEqual(['first', 'second', 'first']);
  });

  test('takes nothing into a file that was replaced meanwhile', () => {
    const { journal, open } = createJournal();
    const late = open();
    journal.append(record(1, 'one'));
    late.poll();
    journal.restart('image 2', ['image 1']);
    expect(late.append(record(2, 'late'))).toBe(false);
    expect(news(late)).toEqual([1]);
    expect(late.header).toMatchObject({ base: 0, seq: 1, image: 'image 2', known: ['image 1'] });
    expect(late.append(record(2, 'late'))).toBe(true);
    expect(news(journal)).toEqual(['late']);
  });

  test('leaves out, for readers too, what came late into the file that was replaced', () => {
    const { journal, open } = createJournal();
    const [late, reader] = [open(), open()];
    journal.append(record(1, 'one'));
    late.poll();
    journal.restart('image 2', ['image 1']);
    expect(late.append(record(2, 'late'))).toBe(false);
    journal.append(record(2, 'two'));
    expect(news(reader)).toEqual(['one', 'two', 1]);
    expect(news(late)).toEqual(['two', 1]);
  });

  test('is read to its end before its successor, so that nobody has to start anew', () => {
    const { journal, open } = createJournal();
    const reader = open();
    journal.append(record(1, 'one'));
    journal.restart('image 2', ['image 1']);
    journal.append(record(2, 'two'));
    expect(news(reader)).toEqual(['one', 'two', 1]);
  });

  test('repeats its last records after a checkpoint of what its readers know, so that late ones follow', () => {
    const { journal, open } = createJournal();
    const reader = open();
    for (let seq = 1; seq <= 5; seq += 1) {
      journal.append(record(seq, String(seq)));
      journal.restart(`image ${seq + 1}`, ['image 1', `image ${seq}`]);
    }
    expect(journal.size).toBe(0);
    expect(reader.poll()).toMatchObject({ continues: true, checkpoint: { seq: 5, image: 'image 6' } });
    expect(reader.head).toBe(5);
    expect(news(open()).filter((one) => typeof one === 'string')).toEqual(['1', '2', '3', '4', '5']);
  });

  test('repeats nothing after a checkpoint of something else', () => {
    const { journal, open } = createJournal();
    const reader = open();
    journal.append(record(1, 'one'));
    journal.restart('image 2', []);
    journal.append(record(2, 'two'));
    journal.restart('image 3', ['image 2']);
    expect(reader.poll()).toMatchObject({ continues: true, checkpoint: { known: ['image 2'] } });
    const late = open();
    journal.restart('image 4', []);
    journal.append(record(3, 'three'));
    journal.restart('image 5', []);
    expect(late.poll()).toMatchObject({ continues: false });
  });

  test('of version 0.1 is read', () => {
    const { path, journal, open } = createJournal();
    const line = { format: 1, store: 's', generation: 2, base: 6, chain: '0badcafe', image: 'i', from: 'h' };
    journal.close();
    const header = encodeLine(line as never);
    const entry = encodeLine({ prev: '0badcafe', record: record(7, 'seven') });
    writeFileSync(path, Buffer.concat([header.bytes, entry.bytes]));
    const reader = open();
    expect(news(reader)).toEqual(['seven']);
    expect(reader.header).toMatchObject({ base: 6, seq: 6, image: 'i', known: ['h'] });
  });

  test('of a newer version is not read', () => {
    const { path, journal, open } = createJournal();
    writeFileSync(path, encodeLine({ ...journal.header, format: 3 } as never).bytes);
    expectRefusal(open, 'SCHEMA_TOO_NEW', 'form 3', 'update');
  });

  test('says that it was replaced when its file is gone', () => {
    const { path, journal } = createJournal();
    expect(journal.isReplaced).toBe(false);
    unlinkSync(path);
    expect(journal.isReplaced).toBe(true);
    expect(news(journal)).toEqual([]);
    expect(journal.append(record(1))).toBe(false);
  });

  test('waits for the rest of a line, and cuts it off before the next write', () => {
    const { path, journal, open } = createJournal();
    journal.append(record(1, 'one'));
    const whole = readFileSync(path).length;
    const line = encodeLine({ prev: 'whatever', record: record(2) }).bytes;
    appendFileSync(path, line.subarray(0, line.length - 5));
    const writer = open();
    expect(news(writer)).toEqual(['one']);
    expect(news(writer)).toEqual([]);
    writer.repairTail();
    expect(readFileSync(path)).toHaveLength(whole);
    writer.append(record(2, 'two'));
    expect(news(journal)).toEqual(['two']);
  });

  test('gives what stands before damage, then says where the damage is', () => {
    const { path, journal, open } = createJournal();
    journal.append(record(1, 'one'));
    const at = readFileSync(path).length;
    appendFileSync(path, 'rubbish that no writer leaves behind\n');
    const reader = open();
    expect(reader.poll()?.records).toHaveLength(1);
    expectRefusal(() => reader.poll(), 'STORE_CORRUPT', `byte ${at}`);
    expectRefusal(() => reader.poll(), 'STORE_CORRUPT', `byte ${at}`);
  });

  test('without a readable first line is damaged', () => {
    const { path, open } = createJournal();
    truncateSync(path, 10);
    expectRefusal(open, 'STORE_CORRUPT', 'no readable first line');
    truncateSync(path, 0);
    expectRefusal(open, 'STORE_CORRUPT');
  });
});
