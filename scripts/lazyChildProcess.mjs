/**
 * commander loads `node:child_process` for commands that are programs of their own. `tm` has none, and loading it takes
 * a tenth of what starting Node does.
 * @returns {import('esbuild').Plugin}
 */
export function lazyChildProcess() {
  return {
    name: 'lazy-child-process',
    setup(build) {
      build.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
        importer.includes('commander') ? { path: 'child_process', namespace: 'lazy' } : undefined,
      );
      build.onLoad({ filter: /.*/, namespace: 'lazy' }, () => ({
        contents: 'exports.spawn = (...args) => process.getBuiltinModule("node:child_process").spawn(...args);',
      }));
    },
  };
}
