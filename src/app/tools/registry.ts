import { COMMIT_TOOLS } from './commits.js';
import { EDGE_TOOLS } from './edges.js';
import { EXECUTION_TOOLS } from './execution.js';
import { EXPANSION_TOOLS } from './expand.js';
import { GRAPH_TOOLS } from './graph.js';
import { LIST_TOOLS } from './lists.js';
import { PLANNING_TOOLS } from './planning.js';
import { TASK_TOOLS } from './tasks.js';
import { TOOL_SETS, type Tool, type ToolSet } from './tool.js';
import { WORK_TOOLS } from './work.js';

/**
 * Every tool, in the order in which they are offered. Surfaces make theirs from these: the MCP server, and the editor's
 * language-model tools. Schemas are made and heavy parts are loaded when a tool is used.
 */
export const TOOLS: readonly Tool[] = [
  ...TASK_TOOLS,
  ...LIST_TOOLS,
  ...WORK_TOOLS,
  ...EDGE_TOOLS,
  ...GRAPH_TOOLS,
  ...PLANNING_TOOLS,
  ...EXPANSION_TOOLS,
  ...EXECUTION_TOOLS,
  ...COMMIT_TOOLS,
];

/** The tools of some sets. */
export function toolsOf(sets: readonly ToolSet[] = TOOL_SETS): readonly Tool[] {
  return TOOLS.filter(({ set }) => sets.includes(set));
}
