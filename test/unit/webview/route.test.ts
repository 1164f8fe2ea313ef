import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ARROW, type Connection, type Outline, type Point, pathData, route } from '../../../webview/graph/route.js';
import { check } from '../../support/check.js';

const box = (x: number, y: number, width: number, height: number, side: Outline['side'] = 'flat'): Outline => ({
  x: x - width / 2,
  y,
  width,
  height,
  side,
});

/** Points along path data of `M`, `H` and `C`, as a browser would draw it. */
function sample(data: string): Point[] {
  const points: Point[] = [];
  for (const [, command, numbers] of data.matchAll(/([MHC])([^MHC]*)/g)) {
    const n = (numbers ?? '').split(/[ ,]/).map(Number);
    const a = points.at(-1) ?? { x: n[0]!, y: n[1]! };
    const controls =
      command === 'M' ? [a.x, a.y, a.x, a.y, a.x, a.y] : command === 'H' ? [a.x, a.y, n[0]!, a.y, n[0]!, a.y] : n;
    const [x1, y1, x2, y2, x, y] = controls as [number, number, number, number, number, number];
    for (let i = 1; i <= 40; i++) {
      const t = i / 40;
      const mix = (p: number, q: number, r: number, s: number): number =>
        p * (1 - t) ** 3 + 3 * q * t * (1 - t) ** 2 + 3 * r * t ** 2 * (1 - t) + s * t ** 3;
      points.push({ x: mix(a.x, x1, x2, x), y: mix(a.y, y1, y2, y) });
    }
  }
  return points;
}

const inside = ({ x, y }: Point, b: Outline): boolean =>
  x > b.x + 0.1 && x < b.x + b.width - 0.1 && y > b.y + 0.1 && y < b.y + b.height - 0.1;

/** Ranks as a layout makes them: nodes in the middle of a column, above each other, and free lanes for long edges. */
interface Layout {
  readonly outlines: ReadonlyMap<string, Outline>;
  readonly edges: readonly (Connection & { readonly span: number })[];
}

const size = fc.record({
  width: fc.integer({ min: 40, max: 260 }),
  height: fc.integer({ min: 20, max: 200 }),
  space: fc.integer({ min: 20, max: 300 }),
  side: fc.constantFrom('flat' as const, 'arc' as const, 'tip' as const),
});

const layouts: fc.Arbitrary<Layout> = fc
  .record({
    ranks: fc.array(fc.array(size, { minLength: 1, maxLength: 5 }), { minLength: 2, maxLength: 6 }),
    gap: fc.integer({ min: 30, max: 120 }),
    picks: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat(), fc.nat()), { minLength: 1, maxLength: 25 }),
  })
  .map(({ ranks, gap, picks }) => {
    const outlines = new Map<string, Outline>();
    const middles: number[] = [];
    let left = 0;
    for (const [r, rank] of ranks.entries()) {
      const width = Math.max(...rank.map((each) => each.width));
      middles.push(left + width / 2);
      let y = 0;
      for (const [i, each] of rank.entries()) {
        y += each.space;
        outlines.set(`${r}.${i}`, box(left + width / 2, y, each.width, each.height, each.side));
        y += each.height;
      }
      left += width + gap;
    }
    const edges = picks.map(([a, b, c, d, e]) => {
      const first = a % (ranks.length - 1);
      const last = first + 1 + (b % (ranks.length - 1 - first));
      const from = `${first}.${c % ranks[first]!.length}`;
      const to = `${last}.${d % ranks[last]!.length}`;
      const lanes = middles.slice(first + 1, last).map((x, i) => {
        const lane = outlines.get(`${first + 1 + i}.${e % ranks[first + 1 + i]!.length}`)!;
        return { x, y: lane.y - 10 };
      });
      const end = (id: string): Point => ({ x: middles[Number(id.split('.')[0])]!, y: outlines.get(id)!.y });
      return { from, to, span: last - first, points: [end(from), ...lanes, end(to)] };
    });
    return { outlines, edges };
  });

describe('route', () => {
  test('leads each edge from a right side to a left side, level at both ends and through no node', () => {
    check(
      fc.property(layouts, ({ outlines, edges }) => {
        for (const [index, course] of route(outlines, edges).entries()) {
          const { from, to } = edges[index]!;
          const [a, b] = [outlines.get(from)!, outlines.get(to)!];
          const points = sample(pathData(course!));
          expect(points.findIndex((point, i) => point.x < (points[i - 1] ?? point).x - 1e-9)).toBe(-1);
          const others = [...outlines.values()].filter((outline) => outline !== a && outline !== b);
          expect(points.find((point) => others.some((outline) => inside(point, outline)))).toBeUndefined();
          const [start, end] = [course![0]!, course!.at(-1)!];
          expect([course![1]!.y, course!.at(-2)!.y]).toEqual([start.y, end.y]);
          // An arc lies back by less than a seventh of its radius where its edges are.
          const slack = (o: Outline): number => (o.side === 'arc' ? o.height / 14 : 0);
          expect(a.x + a.width - start.x).toBeGreaterThanOrEqual(0);
          expect(a.x + a.width - start.x).toBeLessThanOrEqual(slack(a));
          expect(end.x + ARROW - b.x).toBeGreaterThanOrEqual(-1e-9);
          expect(end.x + ARROW - b.x).toBeLessThanOrEqual(slack(b) + 1e-9);
          for (const [point, o] of [
            [start, a],
            [end, b],
          ] as const) {
            expect(Math.abs(point.y - o.y - o.height / 2)).toBeLessThanOrEqual(0.36 * o.height);
          }
        }
      }),
    );
  });

  test('lets no two edges cross that come from neighbouring nodes to the same side', () => {
    check(
      fc.property(layouts, ({ outlines, edges }) => {
        const courses = route(outlines, edges);
        const short = edges.flatMap((edge, i) => (edge.span === 1 ? [{ ...edge, course: courses[i]! }] : []));
        for (const one of short) {
          for (const two of short) {
            if (one.to !== two.to || outlines.get(one.from)!.y >= outlines.get(two.from)!.y) continue;
            const [upper, lower] = [one.course, two.course];
            expect(upper[0]!.y).toBeLessThan(lower[0]!.y);
            expect(upper.at(-1)!.y - lower.at(-1)!.y).toBeLessThanOrEqual(1e-9);
          }
        }
      }),
    );
  });

  test('keeps the lane of a long edge', () => {
    const outlines = new Map([
      ['a', box(0, 0, 100, 40)],
      ['b', box(200, 0, 100, 40)],
      ['c', box(400, 0, 100, 40, 'tip')],
    ]);
    const points = [
      { x: 50, y: 30 },
      { x: 100, y: 45 },
      { x: 200, y: 60 },
      { x: 300, y: 45 },
      { x: 350, y: 30 },
    ];
    const [course] = route(outlines, [{ from: 'a', to: 'c', points }]);
    expect(pathData(course!)).toBe('M50,20H50C96,20 96,60 142,60H250C296,60 296,20 342,20H346');
  });

  test('has no way backwards, within a column, to nowhere, between touching columns or through a node', () => {
    const outlines = new Map([
      ['a', box(0, 0, 100, 40)],
      ['b', box(200, 0, 100, 40)],
      ['c', box(200, 60, 100, 40)],
      ['d', box(290, 0, 60, 40)],
      ['e', box(500, 0, 60, 40)],
    ]);
    const points = [
      { x: 50, y: 20 },
      { x: 450, y: 20 },
    ];
    const pairs = ['b-a', 'b-c', 'b-b', 'a-x', 'x-a', 'b-d', 'a-d', 'a-e'];
    const edges = pairs.map((pair) => ({ from: pair[0]!, to: pair[2]!, points }));
    expect(route(outlines, edges)).toEqual(pairs.map(() => undefined));
    expect(route(outlines, [{ from: 'a', to: 'e', points: [] }])).toEqual([undefined]);
  });
});
