import { dirname } from 'node:path';
import type { Command } from 'commander';
import { Doctor } from '../../app/doctor/doctor.js';
import { reportLines } from '../../app/doctor/reportLines.js';
import type { ServiceReach } from '../../app/doctor/services.js';
import { OrchestratorError, StoreError } from '../../core/model/errors.js';
import { plain } from '../../core/model/plainText.js';
import { DEFAULT_SETTINGS } from '../../core/settings/settings.js';
import { doctorSurroundings } from '../../platform/doctorSurroundings.js';
import type { StoreLocation } from '../../platform/storeLocation.js';
import { DiskFiles } from '../../platform/workspaceFiles.js';
import { type CliContext, type CommonOptions, withJson } from '../context.js';
import { addExamples } from '../definition.js';
import { locateStore, storeOptions } from '../session.js';
import { withProgress } from '../terminal/progress.js';

interface DoctorOptions extends CommonOptions {
  readonly fix?: boolean;
  readonly providers?: boolean;
}

/** `tm doctor`: what is wrong with the store, and with `--fix` the repair. */
export function addDoctorCommand(program: Command, context: CliContext): void {
  withJson(
    program
      .command('doctor')
      .description('look for damage of the store and repair it; say what there is of git, runtimes and models'),
  )
    .option('--fix', 'repair what can be repaired, after a backup')
    .option('--providers', 'also ask each model service that is set up for its models: uses the network, costs nothing')
    .action(async (options: DoctorOptions) => {
      const { output } = context;
      const location = locateStore(context.workingFolder);
      const probe = doctorSurroundings(context.workingFolder, process.env);
      const doctor = new Doctor(
        storeOptions(location, context),
        new DiskFiles(location.root),
        probe,
        options.providers ? () => services(context, location) : undefined,
      );
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
  addExamples(
    program,
    'doctor',
    ['tm doctor', 'only look'],
    ['tm doctor --fix', 'repair, after a backup'],
    ['tm doctor --providers', 'also whether the model services answer and take their keys'],
  );
}

/** Whether the services that this project would ask answer. Ctrl-C ends it, as everything. */
async function services({ output }: CliContext, { path }: StoreLocation): Promise<readonly ServiceReach[]> {
  const [{ reachServices }, { modelSource }, { readSettings }, { DiskFolder }] = await Promise.all([
    import('../../app/doctor/services.js'),
    import('../../platform/models/modelSource.js'),
    import('../../app/settings/settingsFile.js'),
    import('../../platform/storeFolder.js'),
  ]);
  let settings = DEFAULT_SETTINGS;
  try {
    settings = await readSettings(new DiskFolder(dirname(path)));
  } catch (error) {
    if (!(error instanceof OrchestratorError)) throw error;
    output.message(`Warning: the project's settings are left out: ${plain(error.message)}`);
  }
  const source = modelSource({ env: process.env, settings: settings.models });
  return reachServices(source, new AbortController().signal);
}
