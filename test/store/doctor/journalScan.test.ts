import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readHistory } from '../../../src/store/doctor/history.js';
import { scanJournal } from '../../../src/store/doctor/journalScan.js';
import { healthyStore, lineStart } from '../../fixtures/faults.js';
import { journalOf } from '../../support/stores.js';

const seqs = (journal: Buffer) => {
  const { chained, loose } = readHistory(scanJournal(journal), 3);
  return [...chained, ...loose.map(({ record }) => record)].map((record) => record.seq);
};

test('every bit of a journal may be flipped: every record is read but the one that was hit', async () => {
  const path = await healthyStore();
  const journal = readFileSync(journalOf(path));
  const starts = [0, 1, 2, 3, 4].map((line) => lineStart(path, line));
  for (let bit = 0; bit < journal.length * 8; bit += 1) {
    const at = bit >> 3;
    journal[at]! ^= 1 << (bit & 7);
    const scan = scanJournal(journal);
    expect(scan.damage.length + (scan.torn ? 1 : 0), `bit ${bit}`).toBeGreaterThan(0);
    const hit = starts.filter((start) => start <= at).length - 1 + 3;
    expect(seqs(journal), `bit ${bit}`).toEqual(expect.arrayContaining([4, 5, 6].filter((seq) => seq !== hit)));
    journal[at]! ^= 1 << (bit & 7);
  }
});

test('a journal may be cut anywhere: every whole record is read', async () => {
  const path = await healthyStore();
  const journal = readFileSync(journalOf(path));
  const starts = [1, 2, 3, 4].map((line) => lineStart(path, line));
  for (let length = 0; length <= journal.length; length += 1) {
    const whole = [4, 5, 6].filter((_, index) => length >= starts[index + 1]! - 1);
    const scan = scanJournal(journal.subarray(0, length));
    expect([seqs(journal.subarray(0, length)), scan.damage], `cut at ${length}`).toEqual([whole, []]);
  }
});

test('a text that looks like a line is not taken for one', async () => {
  const path = await healthyStore();
  const journal = readFileSync(journalOf(path));
  const line = journal.subarray(lineStart(path, 1), lineStart(path, 2) - 1).toString();
  const record = JSON.stringify({
    prev: '00000000',
    record: { seq: 7, at: '', actor: line, action: 'x', changes: [] },
  });
  const forged = Buffer.concat([
    journal,
    Buffer.from(`${String(record.length).padStart(8, '0')} 00000000 ${record}\n`),
  ]);
  expect(seqs(forged)).toEqual([4, 5, 6]);
});
