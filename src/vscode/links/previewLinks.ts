import * as vscode from 'vscode';
import { taskName } from '../../core/model/taskId.js';
import { settings } from '../manifest.js';
import type { PlanFolder } from '../workspace/planFolder.js';
import type { PlanFolders } from '../workspace/planFolders.js';
import { linkedNames, namesIn } from './linkedNames.js';
import { taskUri } from './taskUris.js';

/** What is used of the editor's markdown-it. */
interface Token {
  readonly type: string;
  readonly content: string;
}

type Rule = (tokens: readonly Token[], at: number, options: unknown, env: unknown, self: unknown) => string;

export interface MarkdownIt {
  readonly renderer: { readonly rules: Record<string, Rule | undefined> };
  readonly utils: { escapeHtml(text: string): string };
}

interface PreviewLink {
  readonly start: number;
  readonly end: number;
  readonly href: string;
  readonly title: string;
}

/**
 * Makes `T-12` a link in the editor's Markdown preview. It is done where text is drawn, not where it is read: only then the
 * editor says which document it is, and code and links are other tokens.
 */
export function linkTasks<M extends MarkdownIt>(markdown: M, folders: PlanFolders): M {
  const { rules } = markdown.renderer;
  const { escapeHtml } = markdown.utils;
  const drawText: Rule = rules.text ?? ((tokens, at) => escapeHtml(tokens[at]?.content ?? ''));
  rules.text = (tokens, at, options, env, self) => {
    const whole = () => drawText(tokens, at, options, env, self);
    const token = tokens[at];
    if (!token?.content.includes('T-')) return whole();
    const links = isInLink(tokens, at) ? [] : linksIn(token.content, env, folders);
    if (links.length === 0) return whole();
    const piece = (start: number, end?: number) =>
      drawText([{ ...token, content: token.content.slice(start, end) }], 0, options, env, self);
    let html = '';
    let from = 0;
    for (const { start, end, href, title } of links) {
      html += `${piece(from, start)}<a href="${escapeHtml(href)}" title="${escapeHtml(title)}">${piece(start, end)}</a>`;
      from = end;
    }
    return html + piece(from);
  };
  return markdown;
}

/** The names that lead somewhere: of tasks that there are; of any number while the plan is not open yet. */
function linksIn(text: string, env: unknown, folders: PlanFolders): PreviewLink[] {
  const { currentDocument } = (env ?? {}) as { readonly currentDocument?: vscode.Uri };
  const folder = folderOf(currentDocument, folders);
  if (!folder || !opensTaskUris() || !settings.taskLinks(currentDocument)) return [];
  const { t } = vscode.l10n;
  if (folder.isLoading)
    return namesIn(text).map((name) => ({
      ...name,
      href: taskUri(taskName(name.number)),
      title: t('Show {0}', taskName(name.number)),
    }));
  return linkedNames(text, folder).map((name) => ({
    ...name,
    href: taskUri(name.task),
    title: t('Show {0} {1}', taskName(name.number), name.title),
  }));
}

/** A browser lets its previews lead to VS Code's own addresses, not to those of a product under another name. */
function opensTaskUris(): boolean {
  return vscode.env.uiKind === vscode.UIKind.Desktop || vscode.env.uriScheme === 'vscode';
}

function folderOf(document: vscode.Uri | undefined, folders: PlanFolders): PlanFolder | undefined {
  const { distinct } = folders;
  return (document && folders.of(document)) ?? (distinct.length === 1 ? distinct[0] : undefined);
}

/** True between the start and the end of a link, be it Markdown's or HTML's own. */
function isInLink(tokens: readonly Token[], at: number): boolean {
  let open = 0;
  for (const { type, content } of tokens.slice(0, at)) {
    if (type === 'link_open' || (type === 'html_inline' && /^<a[\s>]/i.test(content))) open += 1;
    else if (type === 'link_close' || (type === 'html_inline' && /^<\/a\s*>/i.test(content))) open -= 1;
  }
  return open > 0;
}
