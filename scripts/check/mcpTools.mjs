import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../lib/paths.mjs';

export const toolReference = join(root, 'docs/mcp-tools.md');

/** @returns {Promise<string[]>} what is wrong */
export async function checkToolReference() {
  const wanted = await composeToolReference();
  const written = existsSync(toolReference) ? await readFile(toolReference, 'utf8') : '';
  return written === wanted ? [] : ['docs/mcp-tools.md is out of date: run "npm run docs"'];
}

/** docs/mcp-tools.md as the definitions of the tools have it now. */
export async function composeToolReference() {
  const tools = await loadTools();
  const sets = [...new Set(tools.map(({ set }) => set))];
  const parts = sets.map(
    (set) =>
      `## ${set}\n\n${tools
        .filter((tool) => tool.set === set)
        .map(section)
        .join('\n')}`,
  );
  return `# The tools of the MCP server

Written by \`npm run docs\` from the definitions. How to connect a client: [mcp.md](mcp.md). A task is named by its number
(\`12\`), \`T-12\`, or its key. Every reply may also have \`notes\` (what a hook said, what is switched off here); one that was
cut to 8 KB says so in \`truncated\` and \`omitted\`. A refusal is \`{"error": {"code", "message", "next", "details"}}\`.

${parts.join('\n')}`;
}

/**
 * @typedef {{ name: string, title: string, description: string, set: string, annotations: Record<string, boolean>,
 *   input: Schema, output: Schema }} ToolText
 * @typedef {{ properties: Record<string, Property>, required?: readonly string[], anyOf?: { required: string[] }[] }} Schema
 * @typedef {{ type?: string | string[], description?: string, default?: unknown, enum?: unknown[], items?: Property, anyOf?: Property[] }} Property
 */

/** @returns {Promise<ToolText[]>} */
async function loadTools() {
  return (await loadDefinitions()).tools;
}

/**
 * The definitions of the tools, and what they are in the editor.
 * @typedef {{ EDITOR_SETS: string[], editorName: (name: string) => string, inEditorNames: (text: string, tools: ToolText[]) => string }} EditorNames
 * @returns {Promise<EditorNames & { tools: ToolText[] }>}
 */
export async function loadDefinitions() {
  const folder = await mkdtemp(join(tmpdir(), 'task-orchestrator-docs-'));
  try {
    const outfile = join(folder, 'tools.cjs');
    const contents = `export { TOOLS } from './registry.ts'; export * from './jsonSchema.ts';
      export * from '../../vscode/agents/toolNames.ts';`;
    await build({
      stdin: { contents, resolveDir: join(root, 'src/app/tools') },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'warning',
    });
    const { TOOLS, inputJsonSchema, outputJsonSchema, ...names } = (await import(pathToFileURL(outfile).href)).default;
    const tools = TOOLS.map((/** @type {Record<string, unknown>} */ tool) => ({
      ...tool,
      input: inputJsonSchema(tool),
      output: outputJsonSchema(tool),
    }));
    return { ...names, tools };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** @param {ToolText} tool */
function section({ name, title, description, annotations, input, output }) {
  const hints = [
    annotations.readOnlyHint
      ? 'reads only'
      : annotations.destructiveHint
        ? 'takes something away'
        : 'changes something',
    ...(annotations.idempotentHint ? ['once is as good as twice'] : []),
    ...(annotations.openWorldHint ? ['may ask a service outside'] : []),
  ];
  const rows = Object.entries(input.properties).map(
    ([parameter, schema]) =>
      `| \`${parameter}\`${input.required?.includes(parameter) ? ' (required)' : ''} | ${typeOf(schema)} | ${defaultOf(schema)} | ${schema.description ?? ''} |`,
  );
  const table = rows.length > 0 ? `\n| parameter | type | default | |\n|---|---|---|---|\n${rows.join('\n')}\n` : '';
  const always = output.anyOf?.[0]?.required ?? [];
  const answers = Object.keys(output.properties).map((field) =>
    always.includes(field) ? `\`${field}\`` : `\`${field}\`?`,
  );
  return `### ${name}\n\n${title}: ${hints.join(', ')}. ${description}\n${table}\nAnswers ${answers.join(', ')}.\n`;
}

/** @param {Property} schema @returns {string} */
function typeOf({ type, enum: values, items, anyOf }) {
  if (values) return values.map((value) => `\`${value}\``).join(' ');
  if (anyOf) return anyOf.map(typeOf).join(' or ');
  if (items) return `list of ${typeOf(items)}`;
  return [type ?? 'any'].flat().join(' or ');
}

/** @param {Property} schema */
function defaultOf({ default: value }) {
  return value === undefined ? '' : `\`${JSON.stringify(value)}\``;
}
