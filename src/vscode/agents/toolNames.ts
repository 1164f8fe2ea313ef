import type { ToolSet } from '../../app/tools/tool.js';

/**
 * The sets whose tools the editor's own agents get. Running code is not among them: they have the editor's terminal for
 * that, which asks in its own way.
 */
export const EDITOR_SETS: readonly ToolSet[] = ['core', 'planning'];

/** Sets our tools apart from those of other extensions. */
const PREFIX = 'taskOrchestrator_';

/** What a tool is called in the editor. */
export function editorName(name: string): string {
  return PREFIX + name;
}

/** The tool that is called so in the editor. */
export function toolCalled(name: string): string {
  return name.slice(PREFIX.length);
}

/** Text that speaks of tools, with the names that they have in the editor. */
export function inEditorNames(text: string, tools: readonly { readonly name: string }[]): string {
  return text.replace(/[a-z]+(?:_[a-z]+)+/g, (word) =>
    tools.some(({ name }) => name === word) ? editorName(word) : word,
  );
}
