/**
 * Runs inside the extension host: VS Code calls {@link run}. The runner, `scripts/suites/host.mjs`, says by the
 * environment which test files to load and where to write the report.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

interface Report {
  readonly tests: { readonly title: string; readonly failure?: string }[];
  crash?: string;
}

export async function run(): Promise<void> {
  const report: Report = { tests: [] };
  try {
    await runTests(report);
  } catch (error) {
    report.crash = String((error as Error).stack ?? error);
  }
  const path = process.env.TASK_HOST_REPORT ?? '';
  writeFileSync(`${path}.partial`, JSON.stringify(report));
  renameSync(`${path}.partial`, path);
}

async function runTests(report: Report): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, reporter: class {} as never });
  for (const name of (process.env.TASK_HOST_TESTS ?? '').split(',')) mocha.addFile(join(__dirname, `${name}.test.js`));
  await new Promise<void>((resolve) => {
    mocha
      .run(() => resolve())
      .on('pass', (test) => report.tests.push({ title: test.fullTitle() }))
      .on('fail', (test, error: Error) =>
        report.tests.push({ title: test.fullTitle(), failure: error.stack ?? error.message }),
      );
  });
}
