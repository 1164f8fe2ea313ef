import { rounded } from '../../metrics/statistics.js';
import { counted } from '../../model/counted.js';
import { type ComplexityFacts, concerned, type EvidencePlace } from './facts.js';

export type FindingKind = 'marker' | 'no_test' | 'hotspot' | 'cycle' | 'long_file' | 'long_function' | 'missing_file';

/** Something in the task's files that makes work in them harder. */
export interface Finding extends EvidencePlace {
  readonly kind: FindingKind;
  readonly says: string;
  /** What was measured. */
  readonly value: number | null;
  /** From where on it is said. */
  readonly limit: number | null;
}

/** Lines that are not blank. */
const LONG_FILE = 1000;
const LONG_FUNCTION = 100;
/** Of all files with commits, a hotspot is among the first tenth. */
const HOTSPOT = 0.9;
/** Of each kind so many are told in full. */
export const MOST_FINDINGS = 50;

/** What was measured in the task's files and is worth saying, by file and line. */
export function findingsOf(facts: ComplexityFacts): Finding[] {
  const found = concerned(facts).flatMap((file): Finding[] => {
    const { path, measure } = file;
    const at = { path, line: 1 };
    const own: Finding[] = [];
    const density = measure && measure.lines > 0 ? rounded((100 * measure.markers.length) / measure.lines, 2) : null;
    for (const { line, text } of measure?.markers ?? [])
      own.push({
        kind: 'marker',
        path,
        line,
        text,
        says: `Work is marked here; ${counted(measure?.markers.length ?? 0, 'marker')} in the file, ${density} in 100 lines.`,
        value: density,
        limit: null,
      });
    if (measure && measure.lines > LONG_FILE)
      own.push({
        kind: 'long_file',
        ...at,
        says: `The file has ${counted(measure.lines, 'line')} that are not blank.`,
        value: measure.lines,
        limit: LONG_FILE,
      });
    const long = measure?.longestFunction;
    if (long && long.lines > LONG_FUNCTION && !file.isTest)
      own.push({
        kind: 'long_function',
        path,
        line: long.line,
        text: long.text,
        says: `The function that begins here is ${counted(long.lines, 'line')} long.`,
        value: long.lines,
        limit: LONG_FUNCTION,
      });
    if (file.hotspot !== undefined && file.hotspot >= HOTSPOT)
      own.push({
        kind: 'hotspot',
        ...at,
        says: `A hotspot: ${counted(file.commits ?? 0, 'commit')} changed it; ${Math.floor(file.hotspot * 100)} % of the files have less of commits × size.`,
        value: rounded(file.hotspot, 4),
        limit: HOTSPOT,
      });
    if (untested(file))
      own.push({
        kind: 'no_test',
        ...at,
        says: `No test is named after the file${file.importers ? ', and none imports it' : ''}.`,
        value: 0,
        limit: 1,
      });
    if (file.cycle) {
      const line = file.imports?.find(({ to, external }) => !external && to === file.cycle?.[1])?.line;
      own.push({
        kind: 'cycle',
        path,
        ...(line !== undefined && { line }),
        says: `The file imports itself by way of others: ${abridged(file.cycle)}.`,
        value: file.cycle.length - 1,
        limit: null,
      });
    }
    return own;
  });
  const missing = facts.missing.map(
    (path): Finding => ({
      kind: 'missing_file',
      path,
      says: 'The task refers to a file that is not there.',
      value: null,
      limit: null,
    }),
  );
  return [...missing, ...found];
}

/** A source that is no test and has none, as far as that was looked for. */
export function untested({ isSource, isTest, tests, measure }: ComplexityFacts['files'][number]): boolean {
  return isSource && !isTest && tests?.length === 0 && !measure?.ownTests;
}

/** Those of each kind that are told, and how many there are of those that are not all told. */
export function cutFindings(all: readonly Finding[]): { readonly told: Finding[]; readonly notes: string[] } {
  const counts = new Map<FindingKind, number>();
  const told = all.filter(({ kind }) => {
    const before = counts.get(kind) ?? 0;
    counts.set(kind, before + 1);
    return before < MOST_FINDINGS;
  });
  const notes = [...counts]
    .filter(([, count]) => count > MOST_FINDINGS)
    .map(([kind, count]) => `Of ${count} findings of the kind ${kind}, the first ${MOST_FINDINGS} are told.`);
  return { told, notes };
}

function abridged(path: readonly string[]): string {
  return (path.length <= 8 ? path : [...path.slice(0, 4), '…', ...path.slice(-2)]).join(' → ');
}
