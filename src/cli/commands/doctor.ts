import type { Command } from 'commander';
import { Doctor } from '../../app/doctor/doctor.js';
import { reportLines } from '../../app/doctor/reportLines.js';
import { StoreError } from '../../core/model/errors.js';
import { doctorSurroundings } from '../../platform/doctorSurroundings.js';
import { DiskFiles } from '../../platform/workspaceFiles.js';
import { type CliContext, type CommonOptions, withJson } from '../context.js';
import { addExamples } from '../definition.js';
import { locateStore, storeOptions } from '../session.js';
import { withProgress } from '../terminal/progress.js';

interface DoctorOptions extends CommonOptions {
  readonly fix?: boolean;
}

/** `tm doctor`: what is wrong with the store, and with `--fix` the repair. */
export function addDoctorCommand(program: Command, context: CliContext): void {
  withJson(
    program
      .command('doctor')
      .description('look for damage of the store and repair it; say what there is of git, runtimes and models'),
  )
    .option('--fix', 'repair what can be repaired, after a backup')
    .action(async (options: DoctorOptions) => {
      const { output } = context;
      const location = locateStore(context.workingFolder);
      const probe = doctorSurroundings(context.workingFolder, process.env);
      const doctor = new Doctor(storeOptions(location, context), new DiskFiles(location.root), probe);
      const report = await withProgress('Looking through the store', () =>
        options.fix ? doctor.repair() : doctor.diagnose(),
      );
      output.data(options.json ? JSON.stringify(report) : reportLines(report).join('\n'));
      if (!report.findings.some((finding) => finding.severity === 'error')) return;
      const canFix = !options.fix && report.findings.some((finding) => finding.fix !== undefined);
      throw new StoreError(
        'STORE_CORRUPT',
        canFix ? 'The store has errors; run “tm doctor --fix”.' : 'The store has errors that only you can end.',
      );
    });
  addExamples(program, 'doctor', ['tm doctor', 'only look'], ['tm doctor --fix', 'repair, after a backup']);
}
