import Module, { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';

/**
 * The files beside a bundle for VS Code that it loads when it is loaded, with itself; found by loading it.
 * @param {string} bundle
 * @returns {string[]} their names
 */
export function loadedAtOnce(bundle) {
  const loader = /** @type {any} */ (Module);
  const load = loader._load;
  loader._load = (/** @type {string} */ request, /** @type {unknown[]} */ ...more) =>
    request === 'vscode' ? anything() : load(request, ...more);
  const require = createRequire(import.meta.url);
  try {
    require(bundle);
  } finally {
    loader._load = load;
  }
  return Object.keys(require.cache)
    .filter((path) => dirname(path) === dirname(bundle))
    .map((path) => basename(path));
}

/**
 * What can be called, made, extended and asked for anything.
 * @returns {any}
 */
function anything() {
  return new Proxy(class {}, {
    get: (target, name) => (name === 'prototype' ? target.prototype : anything()),
    apply: anything,
  });
}
