/**
 * Where edges run in a picture laid out in columns, from left to right: out of the middle of a right side, through the
 * gaps between columns, and into the middle of a left side. Within a column an edge is level, so that it stays in its
 * own node's height or in the lane that the layout has kept free for it; it goes up and down only where no node stands.
 */

import type { Box } from './viewport.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A node's outline, as far as its left and right sides matter. */
export interface Outline extends Box {
  /** Straight up, two slopes that meet in a tip, or a half circle. */
  readonly side: 'flat' | 'tip' | 'arc';
}

export interface Connection {
  readonly from: string;
  readonly to: string;
  /** The layout's own points from end to end; they say where a long edge passes each column. */
  readonly points: readonly Point[];
}

/** Mermaid's arrow head reaches so far beyond the end of its line. */
export const ARROW = 4;
/** An edge is level for so long before a column, so that its arrow head lies in its line. */
const LEAD = 8;
/** Nodes whose middles are this near in x stand in one column. */
const COLUMN = 4;
/** Distance of edges at one side, where it is high enough for all: an arrow head and a little more. */
const FAN = 10;
/** So much of a side's height its edges share. A tip has but one point that all can meet in. */
const SHARE: Readonly<Record<Outline['side'], number>> = { flat: 0.7, arc: 0.5, tip: 0 };

interface Column {
  readonly middle: number;
  left: number;
  right: number;
  readonly members: Outline[];
}

/** An edge that can be drawn, and the heights at which it passes the columns between its ends. */
interface Run {
  readonly index: number;
  readonly from: Outline;
  readonly to: Outline;
  /** The columns from the first to the last. */
  readonly columns: readonly Column[];
  readonly lanes: readonly number[];
}

/**
 * A course for each connection, in the same order: points to be joined by {@link pathData}. Undefined where there is no
 * way from left to right: an end is unknown, the edge goes backwards, columns touch, or a lane is not free. The last
 * point lies {@link ARROW} before the border. Equal input gives equal courses.
 */
export function route(
  outlines: ReadonlyMap<string, Outline>,
  connections: readonly Connection[],
): (readonly Point[] | undefined)[] {
  const columns = columnsOf([...outlines.values()]);
  const place = new Map(columns.flatMap((column, index) => column.members.map((member) => [member, index] as const)));
  const runs = connections.flatMap((connection, index) => {
    const from = outlines.get(connection.from);
    const to = outlines.get(connection.to);
    if (!from || !to) return [];
    const passed = columns.slice(place.get(from), (place.get(to) ?? 0) + 1);
    const lanes = passed.slice(1, -1).map(({ middle }) => heightAt(connection.points, middle));
    const run = { index, from, to, columns: passed, lanes };
    return isOpen(run) ? [run] : [];
  });
  const exits = fan(
    runs,
    (run) => run.from,
    (run) => run.lanes[0] ?? middleOf(run.to),
  );
  const entries = fan(
    runs,
    (run) => run.to,
    (run) => run.lanes.at(-1) ?? middleOf(run.from),
  );
  const courses: (readonly Point[] | undefined)[] = connections.map(() => undefined);
  for (const run of runs) courses[run.index] = course(run, exits.get(run) ?? 0, entries.get(run) ?? 0);
  return courses;
}

/** SVG path data of a course: level between points of one height, else a curve that is level at both ends. */
export function pathData(points: readonly Point[]): string {
  let data = '';
  let last: Point | undefined;
  for (const point of points) {
    if (!last) data = `M${round(point.x)},${round(point.y)}`;
    else if (last.y === point.y) data += `H${round(point.x)}`;
    else {
      const turn = round((last.x + point.x) / 2);
      data += `C${turn},${round(last.y)} ${turn},${round(point.y)} ${round(point.x)},${round(point.y)}`;
    }
    last = point;
  }
  return data;
}

function columnsOf(outlines: readonly Outline[]): Column[] {
  const columns: Column[] = [];
  const centre = ({ x, width }: Outline): number => x + width / 2;
  for (const member of [...outlines].sort((a, b) => centre(a) - centre(b))) {
    const [left, right] = [member.x, member.x + member.width];
    const last = columns.at(-1);
    if (last && centre(member) - last.middle <= COLUMN) {
      last.left = Math.min(last.left, left);
      last.right = Math.max(last.right, right);
      last.members.push(member);
    } else columns.push({ middle: centre(member), left, right, members: [member] });
  }
  return columns;
}

function isOpen({ columns, lanes }: Run): boolean {
  const gaps = columns.slice(1).every((column, i) => (columns[i]?.right ?? 0) + 2 * LEAD < column.left);
  const free = lanes.every((y, i) =>
    columns[i + 1]?.members.every((member) => y < member.y || y > member.y + member.height),
  );
  return columns.length > 1 && gaps && free;
}

/** The height of a line through `points`, which go from left to right, at `x`. */
function heightAt(points: readonly Point[], x: number): number {
  const next = points.findIndex((point) => point.x >= x);
  const b = points[next];
  const a = points[next - 1];
  if (!a || !b || a.x === b.x) return (b ?? points.at(-1))?.y ?? Number.NaN;
  return a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x);
}

/** Distance of each edge from the middle of a side, in the order in which the edges come, so that none cross there. */
function fan(runs: readonly Run[], end: (run: Run) => Outline, height: (run: Run) => number): Map<Run, number> {
  const sides = new Map<Outline, Run[]>();
  for (const run of runs) sides.set(end(run), [...(sides.get(end(run)) ?? []), run]);
  const offsets = new Map<Run, number>();
  for (const [outline, members] of sides) {
    members.sort((a, b) => height(a) - height(b) || a.index - b.index);
    const room = (SHARE[outline.side] * outline.height) / Math.max(members.length - 1, 1);
    const step = Math.min(FAN, room);
    for (const [i, run] of members.entries()) offsets.set(run, (i - (members.length - 1) / 2) * step);
  }
  return offsets;
}

function course({ from, to, columns, lanes }: Run, exit: number, entry: number): Point[] {
  const heights = [middleOf(from) + exit, ...lanes, middleOf(to) + entry];
  return columns.flatMap(({ left, right }, i) => {
    const y = heights[i] ?? 0;
    const start = i === 0 ? from.x + from.width - inset(from, exit) : left - LEAD;
    const end = i === columns.length - 1 ? to.x + inset(to, entry) - ARROW : right;
    return [
      { x: start, y },
      { x: end, y },
    ];
  });
}

/** How far a side lies behind its outermost point, `offset` above or below its middle. */
function inset({ side, height }: Outline, offset: number): number {
  const radius = height / 2;
  return side === 'arc' ? radius - Math.sqrt(radius ** 2 - offset ** 2) : 0;
}

function middleOf({ y, height }: Box): number {
  return y + height / 2;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
