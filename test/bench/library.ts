/** What the benchmarks call inside their own process, bundled by `build.mjs`. */

export { compareUrgency } from '../../src/core/graph/order.js';
export { PlanGraph } from '../../src/core/graph/planGraph.js';
export { independent, parentsIn } from '../../src/core/planning/nextTask/assign.js';
export { rank } from '../../src/core/planning/nextTask/choose.js';
export { DEFAULT_WEIGHTS } from '../../src/core/planning/nextTask/weights.js';
export { PRD_DEFAULTS, parsePrd } from '../../src/core/planning/prd/parsePrd.js';
export { wasmEngine } from '../../src/store/engine/wasmEngine.js';
export { readPlan, readReady } from '../../src/store/repositories/taskRows.js';
export { SCHEMA } from '../../src/store/schema.js';
export { Store } from '../../src/store/store.js';
export { watchStore } from '../../src/store/watch.js';
