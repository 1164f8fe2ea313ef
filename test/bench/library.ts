/** What the benchmarks call inside their own process, bundled by `build.mjs`. */
export { PlanGraph } from '../../src/core/graph/planGraph.js';
export { wasmEngine } from '../../src/store/engine/wasmEngine.js';
export { readPlan, readReady } from '../../src/store/repositories/taskRows.js';
export { SCHEMA } from '../../src/store/schema.js';
export { Store } from '../../src/store/store.js';
export { watchStore } from '../../src/store/watch.js';
