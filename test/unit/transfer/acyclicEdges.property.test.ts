import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acyclicEdges, type Edge } from '../../../src/core/transfer/acyclicEdges.js';
import { splitDescription, splitTitle } from '../../../src/core/transfer/longText.js';

const node = fc.constantFrom(...'abcdefgh');
const edges = fc.array(fc.record({ from: node, to: node }), { maxLength: 25 });

/** The plain way: each edge, whether it can be reached back. */
function plainly(present: readonly Edge[], added: readonly Edge[]): Edge[] {
  const all = [...present];
  const kept: Edge[] = [];
  for (const edge of added) {
    const reached = new Set([edge.to]);
    for (let before = 0; before < reached.size; ) {
      before = reached.size;
      for (const { from, to } of all) if (reached.has(from)) reached.add(to);
    }
    if (reached.has(edge.from)) continue;
    all.push(edge);
    kept.push(edge);
  }
  return kept;
}

describe('acyclicEdges', () => {
  test('keeps what a plain search would keep, where the present edges have no cycle', () => {
    fc.assert(
      fc.property(edges, edges, (some, added) => {
        const present = plainly([], some);
        const { kept, left } = acyclicEdges(present, added);
        expect(kept).toEqual(plainly(present, added));
        expect(kept.length + left.length).toBe(added.length);
        for (const { edge, path } of left)
          expect([path[0], path[1], path.at(-1)]).toEqual([edge.from, edge.to, edge.from]);
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

describe('long texts', () => {
  test('are parted within the limit, and both parts are the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 400, maxLength: 700 }), fc.nat(12), (text, times) => {
        for (const [split, limit, whole] of [
          [splitTitle, 500, text],
          [splitDescription, 5000, `${text}\n`.repeat(times)],
        ] as const) {
          const { kept, rest } = split(whole);
          expect(kept + rest).toBe(whole);
          expect([...kept].length).toBeLessThanOrEqual(limit);
          expect(rest === '').toBe([...whole].length <= limit);
        }
      }),
      { seed: 1, numRuns: 50 },
    );
  });
});
