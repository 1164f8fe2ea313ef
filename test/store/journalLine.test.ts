import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeLine, encodeLine, type JournalEntry } from '../../src/store/journalLine.js';
import type { TransactionRecord } from '../../src/store/record.js';
import { check } from '../support/check.js';
import { expectRefusal } from '../support/refusal.js';

const text = fc.string({ unit: 'binary', maxLength: 20 });
const row = fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), fc.oneof(text, fc.integer(), fc.constant(null)), {
  maxKeys: 4,
});
const change = fc.record({
  table: fc.constant('tasks' as const),
  key: fc.array(text, { minLength: 1, maxLength: 2 }),
  before: fc.option(row),
  after: fc.option(row),
});
const entry: fc.Arbitrary<JournalEntry> = fc.record({
  prev: fc.stringMatching(/^[0-9a-f]{8}$/),
  record: fc.record({
    seq: fc.integer({ min: 1, max: 1e9 }),
    at: fc.constant('2026-01-01T00:00:00.000Z'),
    actor: text,
    action: text,
    changes: fc.array(change, { maxLength: 3 }),
  }) as fc.Arbitrary<TransactionRecord>,
});

const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

describe('a journal line', () => {
  test('is read as it was written, wherever it stands', () => {
    check(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 4 }), (entries) => {
        const lines = entries.map(encodeLine);
        const bytes = Buffer.concat(lines.map((line) => line.bytes));
        let at = 0;
        for (const [index, expected] of entries.entries()) {
          const line = decodeLine<JournalEntry>(bytes, at);
          expect(line?.value).toEqual(plain(expected));
          expect(line?.checksum).toBe(lines[index]!.checksum);
          at = line!.end;
        }
        expect(at).toBe(bytes.length);
      }),
    );
  });

  test('is one line of text, which holds its length, its checksum and JSON', () => {
    const { bytes, checksum } = encodeLine({ format: 2, store: 'a\nb', generation: 1, base: 0, chain: '00000000' });
    const [line, rest] = bytes.toString().split('\n');
    expect(rest).toBe('');
    expect(line).toMatch(/^\d{8} [0-9a-f]{8} \{/);
    expect(line!.slice(9, 17)).toBe(checksum);
    expect(Number(line!.slice(0, 8))).toBe(line!.length - 18);
  });

  test('whose end is missing is unfinished, wherever it was cut', () => {
    check(
      fc.property(entry, (given) => {
        const { bytes } = encodeLine(given);
        for (let length = 0; length < bytes.length; length += 1) {
          expect(decodeLine(bytes.subarray(0, length), 0)).toBeUndefined();
        }
      }),
      30,
    );
  });

  test('is never misread after one byte of it changed', () => {
    check(
      fc.property(entry, fc.integer({ min: 1, max: 255 }), (given, flip) => {
        const { bytes } = encodeLine(given);
        for (let at = 0; at < bytes.length; at += 1) {
          const damaged = Buffer.from(bytes);
          damaged[at]! ^= flip;
          expectRefusal(() => decodeLine(damaged, 0), 'STORE_CORRUPT');
        }
      }),
      30,
    );
  });

  test('that is damaged says at which byte of the file', () => {
    const { bytes } = encodeLine({ format: 2, store: 'a', generation: 1, base: 0, chain: '00000000' });
    const two = Buffer.concat([bytes, Buffer.from('x'.repeat(30))]);
    expectRefusal(() => decodeLine(two, bytes.length, 1000), 'STORE_CORRUPT', String(1000 + bytes.length));
  });
});
