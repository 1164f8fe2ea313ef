import { dirname } from 'node:path';
import type { RunEnd, RunOrder, RunWatch } from '../../app/execution/codeRunner.js';
import { OrchestratorError } from '../../core/model/errors.js';
import { answerOf, programsOnPath } from './interpreters.js';
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
    order.language === 'python'
      ? await pythonSteps(file, packages, order.packages)
      : await npmSteps(file, order.packages);
  for (const step of steps) {
    const process = confine({ ...step, environment: { ...environment, ...step.environment } });
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

/** The person's own files of settings stay out of reach; only the addresses of registries are taken from them. */
async function addressFrom(file: string, args: readonly string[], name: string): Promise<Record<string, string>> {
  const address = (await answerOf(file, args))?.trim();
  return address && /^((https?|file):\/\/\S+\s*)+$/.test(address) && process.env[name] === undefined
    ? { [name]: address }
    : {};
}

async function pythonSteps(python: string, folder: string, packages: readonly string[]): Promise<ProgramParts[]> {
  const setting = (key: string, name: string) => addressFrom(python, ['-m', 'pip', 'config', 'get', key], name);
  const environment = {
    PIP_RETRIES: '1',
    ...(await setting('global.index-url', 'PIP_INDEX_URL')),
    ...(await setting('global.extra-index-url', 'PIP_EXTRA_INDEX_URL')),
  };
  const install = ['-m', 'pip', 'install', '--quiet', '--only-binary=:all:', '--no-cache-dir', '--', ...packages];
  return [
    { file: python, args: ['-m', 'venv', folder] },
    { file: venvPython(folder), args: install, environment },
  ];
}

async function npmSteps(node: string, packages: readonly string[]): Promise<ProgramParts[]> {
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
  const environment = await addressFrom(npm, ['config', 'get', 'registry'], 'npm_config_registry');
  return [{ file: npm, environment, args: ['install', ...quiet, '--prefix', '.', '--', ...packages] }];
}
