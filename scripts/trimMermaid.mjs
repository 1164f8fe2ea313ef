/**
 * An esbuild plugin that bundles Mermaid with flowcharts and the dagre layout only, and makes its `getConfig` cheap.
 *
 * Mermaid loads each diagram type, each layout and its maths by dynamic import; what this product never draws is
 * replaced by a module that throws, which takes the bundle from 5.2 MB to under 1 MB (and leaves ELK's EPL out).
 * `getConfig()` deep-clones the whole configuration, and drawing calls it for every node and edge: 30–40 % of the time.
 * The clone is kept until the configuration object is replaced, which `mermaid.render` does for every picture.
 *
 * Everything here leans on the text of one Mermaid version, so the build fails when a pattern no longer matches.
 */
import { readFile } from 'node:fs/promises';

/** Dynamic imports that stay; the rest are stubbed. */
const KEPT = [/\/flowDiagram-/, /\/dagre-/];
const MERMAID = /[\\/]mermaid[\\/]dist[\\/]/;
const CHUNK = /[\\/]mermaid[\\/]dist[\\/]chunks[\\/]mermaid\.core[\\/]chunk-[^\\/]+\.mjs$/;
const STUB = 'mermaid-stub';
const GET_CONFIG =
  /var getConfig = (\/\* @__PURE__ \*\/ __name\()\(\) => \{\s*return (\w+)\(\{\}, currentConfig\);\s*\}/g;
/** Fewer stubs than this means that Mermaid's files are laid out in another way than the plugin believes. */
const LEAST_STUBS = 30;

/** Keeps one clone of the configuration for as long as `currentConfig` is the same object. @param {string} source */
function memoizeGetConfig(source) {
  let count = 0;
  const text = source.replace(GET_CONFIG, (_all, /** @type {string} */ name, /** @type {string} */ clone) => {
    count += 1;
    return (
      'var memoConfig, memoSource;\n' +
      `var getConfig = ${name}() => {\n` +
      '  if (memoSource !== currentConfig) {\n' +
      '    memoSource = currentConfig;\n' +
      `    memoConfig = ${clone}({}, currentConfig);\n` +
      '  }\n' +
      '  return memoConfig;\n' +
      '}'
    );
  });
  return { text, count };
}

/**
 * @param {{ memo?: boolean }} options `memo: false` leaves `getConfig` as it is, to compare pictures in a test.
 * @returns {import('esbuild').Plugin}
 */
export function trimMermaid({ memo = true } = {}) {
  return {
    name: 'trim-mermaid',
    setup(build) {
      let kept = new Set();
      let stubbed = new Set();
      let patched = 0;

      build.onStart(() => {
        kept = new Set();
        stubbed = new Set();
        patched = 0;
      });

      build.onResolve({ filter: /.*/ }, (args) => {
        if (args.kind !== 'dynamic-import' || !MERMAID.test(args.importer)) return undefined;
        const index = KEPT.findIndex((pattern) => pattern.test(args.path));
        if (index >= 0) {
          kept.add(index);
          return undefined;
        }
        stubbed.add(args.path);
        return { path: STUB, namespace: STUB };
      });

      build.onLoad({ filter: /.*/, namespace: STUB }, () => ({
        contents: "throw new Error('This part of Mermaid is not in the build: see scripts/trimMermaid.mjs');",
      }));

      build.onLoad({ filter: CHUNK }, async (args) => {
        const source = await readFile(args.path, 'utf8');
        const { text, count } = memoizeGetConfig(source);
        patched += count;
        return memo && count > 0 ? { contents: text, loader: 'js' } : undefined;
      });

      build.onEnd((result) => {
        const problems = [];
        if (result.errors.length > 0) return undefined;
        if (kept.size !== KEPT.length) problems.push(`found ${kept.size} of the ${KEPT.length} modules to keep`);
        if (stubbed.size < LEAST_STUBS)
          problems.push(`stubbed ${stubbed.size} modules, expected ${LEAST_STUBS} or more`);
        if (patched !== 1) problems.push(`found getConfig ${patched} times, expected once`);
        if (problems.length === 0) return undefined;
        const text = `Mermaid's files have changed: ${problems.join('; ')}. Update scripts/trimMermaid.mjs.`;
        return { errors: [{ text }] };
      });
    },
  };
}
