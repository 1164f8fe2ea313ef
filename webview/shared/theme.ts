/** What of VS Code's theme a picture has to be drawn again for. Colours are not among it: they are CSS variables. */

export interface Font {
  readonly family: string;
  /** In CSS pixels. */
  readonly size: number;
}

/** The editor window's font as the page has it now. */
export function currentFont(): Font {
  const style = getComputedStyle(document.body);
  return { family: style.fontFamily, size: Number.parseFloat(style.fontSize) };
}

/** Calls back after VS Code has changed the theme: it then replaces the body's classes and the root's variables. */
export function onThemeChange(listener: () => void): void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributeFilter: ['style'] });
}
