/** Optimising the WebAssembly in the background takes longer than a command runs and keeps the process alive. */
const SHORT_LIVED = ['--liftoff-only', '--wasm-lazy-compilation', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering'];
/** V8 complains of flags that it does not know; up to this version of it, which is Node 24's, it knows these. */
const NEWEST_V8 = 13;
/** Across the two bundles that a `tm` consists of. */
const CHANGED = Symbol.for('task-orchestrator.v8-flags-changed');

const shared = globalThis as { [CHANGED]?: boolean };

/** Tells V8 that this process will not be there for long. */
export function setShortLived(): void {
  if (Number.parseInt(process.versions.v8, 10) > NEWEST_V8) return;
  shared[CHANGED] = true;
  for (const flag of SHORT_LIVED) process.getBuiltinModule('node:v8').setFlagsFromString(flag);
}

/** True while V8 runs with the flags that it started with. */
export function keepsFlags(): boolean {
  return shared[CHANGED] !== true;
}
