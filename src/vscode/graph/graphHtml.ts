/** The graph panel's page. Pure text: everything that depends on VS Code comes in as an argument. */

import { GRAPH_STRINGS, type GraphStrings } from '../../protocol/graphStrings.js';

export interface GraphPage {
  /** Fresh for every page, letters and digits only. */
  readonly nonce: string;
  /** `webview.cspSource`. */
  readonly cspSource: string;
  /** `dist/webview/graph.js` and `dist/webview/graph.css` as webview URIs. */
  readonly scriptUri: string;
  readonly styleUri: string;
  /** Translations; English where absent. */
  readonly strings?: GraphStrings;
  /** BCP 47 tag of the page's language. */
  readonly language?: string;
}

/**
 * The page's HTML. Its policy allows one script, by nonce: browsers hand a module's nonce on to what the module
 * imports, so Mermaid's chunks load without naming a source for scripts. Mermaid puts a style element and style
 * attributes into its SVG, hence `'unsafe-inline'` for styles only; no font, image, frame or connection is allowed.
 */
export function graphHtml(page: GraphPage): string {
  const strings = page.strings ?? GRAPH_STRINGS;
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${page.nonce}'`,
    `style-src ${page.cspSource} 'unsafe-inline'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(page.language ?? 'en')}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<title>${escapeHtml(strings.title)}</title>
<link rel="stylesheet" href="${escapeHtml(page.styleUri)}">
</head>
<body data-state="loading">
<script type="application/json" id="strings">${scriptJson(strings)}</script>
<script type="module" nonce="${page.nonce}" src="${escapeHtml(page.scriptUri)}"></script>
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
}

/** JSON that cannot end its script element. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}
