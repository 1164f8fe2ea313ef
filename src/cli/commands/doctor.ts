import type { Command } from 'commander';
import { Doctor, type DoctorReport } from '../../app/doctor/doctor.js';
import { StoreError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import { DiskFiles } from '../../platform/workspaceFiles.js';
import { type CliContext, type CommonOptions, withJson } from '../context.js';
import { locateStore, storeOptions } from '../session.js';

interface DoctorOptions extends CommonOptions {
  readonly fix?: boolean;
}

/** `tm doctor`: what is wrong with the store, and with `--fix` the repair. */
export function addDoctorCommand(program: Command, context: CliContext): void {
  withJson(program.command('doctor').description('look for damage of the store, and repair it'))
    .option('--fix', 'repair what can be repaired, after a backup')
    .action(async (options: DoctorOptions) => {
      const { output } = context;
      const location = locateStore(context.workingFolder);
      const doctor = new Doctor(storeOptions(location, output), new DiskFiles(location.root));
      const report = options.fix ? await doctor.repair() : await doctor.diagnose();
      output.data(options.json ? JSON.stringify(report) : reportLines(report).map(plain).join('\n'));
      if (!report.findings.some((finding) => finding.severity === 'error')) return;
      const canFix = !options.fix && report.findings.some((finding) => finding.fix !== undefined);
      throw new StoreError(
        'STORE_CORRUPT',
        canFix ? 'The store has errors; run “tm doctor --fix”.' : 'The store has errors that only you can end.',
      );
    });
}

function reportLines({ findings, fixed = [], backup, examined }: DoctorReport): string[] {
  const { image, journal, tasks } = examined;
  const value = (name: string, number: number | null) => (number === null ? [] : [`${name} ${number}`]);
  const size = (bytes: number | null) => (bytes === null ? 'missing' : `${bytes} bytes`);
  return [
    `${image.path}: ${[size(image.bytes), ...value('schema', image.schema), ...value('transaction', image.head)].join(', ')}`,
    `${journal.path}: ${[size(journal.bytes), ...value('after transaction', journal.base), ...value('up to', journal.head)].join(', ')}`,
    ...(tasks === null ? [] : [`${tasks} ${tasks === 1 ? 'task' : 'tasks'}`]),
    ...(backup === undefined ? [] : [`backup: ${backup}`]),
    ...fixed.flatMap(({ code, what, fix }) => [`fixed ${code}: ${what}`, `  done: ${fix}`]),
    ...findings.flatMap(({ severity, code, what, fix, advice }) => [
      `${severity} ${code}: ${what}`,
      ...(fix === undefined ? [] : [`  --fix: ${fix}`]),
      ...(advice === undefined ? [] : [`  you: ${advice}`]),
    ]),
    ...(findings.length === 0 ? ['Healthy: nothing is wrong.'] : []),
  ];
}
