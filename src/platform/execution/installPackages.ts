import { dirname } from 'node:path';
import type { RunEnd, RunOrder, RunWatch } from '../../app/execution/codeRunner.js';
import { OrchestratorError } from '../../core/model/errors.js';
import { programsOnPath } from './interpreters.js';
import { type Program, type ProgramParts, venvPython } from './languages.js';
import { type ProcessOrder, runProcess } from './runProcess.js';

/** How long packages may take to install (ms). */
const PATIENCE = 300_000;

/** Where packages come from, and how to get there; the person's own files of settings are not read. */
const REACH = [
  ...['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'all_proxy', 'ALL_PROXY'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'REQUESTS_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS'],
  ...['PIP_INDEX_URL', 'PIP_EXTRA_INDEX_URL', 'PIP_CERT', 'PIP_TRUSTED_HOST'],
  ...['npm_config_registry', 'NPM_CONFIG_REGISTRY', 'npm_config_cafile'],
];

interface Installing {
  readonly packages: string;
  readonly confine: (parts: ProgramParts) => ProcessOrder;
}

/**
 * Installs the packages of an order into a folder of the run's own; undefined when that is done, else how it failed.
 * Nothing of a package is run while it is installed: of PyPI only built ones are taken, and npm runs no scripts.
 */
export async function installPackages(
  order: RunOrder,
  { file }: Program,
  { packages, confine }: Installing,
  watch: RunWatch,
): Promise<RunEnd | undefined> {
  const environment: Record<string, string> = { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1' };
  for (const name of REACH) if (process.env[name] !== undefined) environment[name] = process.env[name];
  const steps =
    order.language === 'python' ? pythonSteps(file, packages, order.packages) : npmSteps(file, order.packages);
  for (const step of steps) {
    const process = confine({ ...step, environment });
    // What the installer says is no output of the code.
    const end = await runProcess({ ...process, milliseconds: PATIENCE }, { signal: watch.signal });
    if (end.exitCode === 0 && end.stoppedBy === null) continue;
    const why = end.stoppedBy === 'time' ? 'it took longer than five minutes' : (end.error || end.output).trim();
    return {
      ...end,
      exitCode: null,
      signal: null,
      stoppedBy: end.stoppedBy === 'time' ? null : end.stoppedBy,
      output: '',
      error: `The packages ${order.packages.join(', ')} could not be installed: ${why}`,
      milliseconds: 0,
    };
  }
  return undefined;
}

function pythonSteps(python: string, folder: string, packages: readonly string[]): ProgramParts[] {
  const install = ['-m', 'pip', 'install', '--quiet', '--only-binary=:all:', '--no-cache-dir', '--', ...packages];
  return [
    { file: python, args: ['-m', 'venv', folder] },
    { file: venvPython(folder), args: install },
  ];
}

function npmSteps(node: string, packages: readonly string[]): ProgramParts[] {
  const names = process.platform === 'win32' ? ['npm.cmd'] : ['npm'];
  const [npm] = programsOnPath(
    names,
    `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`,
  );
  if (!npm)
    throw new OrchestratorError('EXECUTION_DISABLED', 'npm is not on the PATH: packages cannot be installed.', {
      program: 'npm',
    });
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--ignore-scripts', '--no-save', '--silent'];
  return [{ file: npm, args: ['install', ...quiet, '--prefix', '.', '--', ...packages] }];
}
