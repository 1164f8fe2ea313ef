import type { Locator, Page } from 'playwright-core';
import type { QuickInput } from './quickInput.js';

/** The text editors. */
export class Editor {
  constructor(
    private readonly page: Page,
    private readonly quickInput: QuickInput,
  ) {}

  /** The editor of a file, by the end of its path. */
  of(path: string): Locator {
    return this.page.locator(`.editor-instance .monaco-editor[data-uri$="${path}"]`).first();
  }

  /** The text in view of an editor that shows something else than a file, by its scheme. */
  textOf(scheme: string): Locator {
    return this.page.locator(`.editor-instance .monaco-editor[data-uri^="${scheme}:"] .view-lines`).first();
  }

  /** Opens a file of the workspace, with the cursor on a line. */
  async open(path: string, line = 1): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+P');
    await this.quickInput.input.waitFor();
    await this.quickInput.type(path);
    await this.quickInput.row(path.split('/').at(-1) ?? path).waitFor();
    await this.quickInput.accept();
    await this.of(path).locator('.view-line').first().waitFor();
    await this.goToLine(line);
  }

  async goToLine(line: number): Promise<void> {
    await this.page.keyboard.press('Control+G');
    await this.quickInput.input.waitFor();
    await this.quickInput.answer(`:${line}`);
    await this.quickInput.waitUntilClosed();
  }

  /** Selects whole lines of the focused editor. */
  async selectLines(first: number, last: number): Promise<void> {
    await this.goToLine(first);
    await this.page.keyboard.press('Home');
    for (let line = first; line < last; line++) await this.page.keyboard.press('Shift+ArrowDown');
    await this.page.keyboard.press('Shift+End');
  }

  /** What the status bar says of the cursor: "Ln 3, Col 1 (20 selected)". */
  get position(): Locator {
    return this.page.locator('[id="status.editor.selection"]');
  }

  /** A line's text, while it is in view. */
  async line(path: string, line: number): Promise<Locator> {
    const editor = this.of(path);
    const number = editor.locator('.margin-view-overlays .line-numbers').getByText(String(line), { exact: true });
    const top = (await number.boundingBox())?.y;
    for (const candidate of await editor.locator('.view-lines .view-line').all()) {
      const box = await candidate.boundingBox();
      if (top !== undefined && box && Math.abs(box.y - top) < 3) return candidate;
    }
    throw new Error(`Line ${line} of ${path} is not in view`);
  }

  /** The lines with a decoration's icon in the gutter (not VS Code's light bulb), of those in view. */
  async gutterLines(path: string): Promise<number[]> {
    const editor = this.of(path);
    const icons = await editor.locator('.glyph-margin-widgets .cgmr:not([class*=codicon-])').all();
    const numbers = await editor.locator('.margin-view-overlays .line-numbers').all();
    const lines = await Promise.all(
      numbers.map(async (number) => ({
        y: (await number.boundingBox())?.y ?? -1,
        line: Number(await number.textContent()),
      })),
    );
    const found = new Set<number>();
    for (const icon of icons) {
      const y = (await icon.boundingBox())?.y;
      const at = lines.find((candidate) => y !== undefined && Math.abs(candidate.y - y) < 3);
      if (at) found.add(at.line);
    }
    return [...found].sort((a, b) => a - b);
  }

  /** Rests the pointer on a line's text and returns the card that comes. */
  async hover(path: string, line: number): Promise<Locator> {
    const box = await (await this.line(path, line)).locator('span span').first().boundingBox();
    if (!box) throw new Error(`Line ${line} of ${path} has no text`);
    const y = box.y + box.height / 2;
    await this.page.mouse.move(box.x + box.width + 200, y);
    await this.page.mouse.move(box.x + 3, y, { steps: 5 });
    await this.page.locator('.monaco-hover:visible').first().waitFor();
    return this.page.locator('.monaco-hover:visible');
  }
}
