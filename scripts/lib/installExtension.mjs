import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './paths.mjs';

/** What the extension consists of at run time; a subset of the package's files. */
const parts = ['package.json', 'package.nls.json', 'dist', 'media', 'README.md', 'LICENSE'];

/**
 * Installs the built extension into a VS Code server's extensions folder, as unpacking its VSIX would.
 * @param {string} extensionsDir
 */
export async function installExtension(extensionsDir) {
  const { name, publisher, version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const id = `${publisher}.${name}`;
  const folder = join(extensionsDir, `${id}-${version}`);
  await rm(extensionsDir, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const part of parts.filter((path) => existsSync(join(root, path)))) {
    await cp(join(root, part), join(folder, part), { recursive: true, filter: (path) => !path.includes('dist/test') });
  }
  const entry = {
    identifier: { id },
    version,
    location: { $mid: 1, path: pathToFileURL(folder).pathname, scheme: 'file' },
    relativeLocation: `${id}-${version}`,
    metadata: { installedTimestamp: Date.now(), source: 'vsix' },
  };
  await writeFile(join(extensionsDir, 'extensions.json'), JSON.stringify([entry]));
}
