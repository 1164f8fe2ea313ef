import { languageOf } from './imports/language.js';
import { nameOf } from './imports/resolver.js';

const TEST_FOLDER = /(?:^|\/)(?:tests?|__tests__|specs?|e2e|testing)\//i;
const TEST_NAME = /(?:[._-](?:test|spec|e2e)s?|^(?:test|spec)[_-].*|Tests?|Spec|IT)$/;

/** True for a file with tests, by the names that test runners look for. */
export function isTestFile(path: string): boolean {
  if (languageOf(path) === undefined) return false;
  return TEST_NAME.test(stemOf(path)) || TEST_FOLDER.test(path);
}

/** For each file, what tests are named after it: `a.test.ts`, `test_a.py`, `a_test.go`, `ATest.java`. */
export function testsByName(files: readonly string[]): (path: string) => readonly string[] {
  const tests = new Map<string, string[]>();
  for (const file of files) {
    if (!isTestFile(file)) continue;
    const subject = subjectOf(stemOf(file));
    const known = tests.get(subject);
    if (known) known.push(file);
    else tests.set(subject, [file]);
  }
  return (path) =>
    (tests.get(subjectOf(stemOf(path))) ?? []).filter((test) => test !== path && languageOf(test) === languageOf(path));
}

function subjectOf(stem: string): string {
  return stem
    .replace(/[._-](?:test|spec|e2e)s?$/i, '')
    .replace(/^(?:test|spec)[_-]/i, '')
    .replace(/(?:Tests?|Spec|IT)$/, '')
    .toLowerCase();
}

/** The name of a file up to its last dot. */
function stemOf(path: string): string {
  const name = nameOf(path);
  return name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : name;
}
