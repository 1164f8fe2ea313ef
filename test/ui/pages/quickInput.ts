import type { Locator, Page } from 'playwright-core';

/** The box at the top that asks for a text or a choice; the palette is one too. */
export class QuickInput {
  readonly widget: Locator;
  readonly input: Locator;
  /** The step's title, above the input. */
  readonly title: Locator;
  /** What is wrong with the text, or what to do. */
  readonly message: Locator;
  readonly rows: Locator;

  constructor(readonly page: Page) {
    this.widget = page.locator('.quick-input-widget');
    this.input = this.widget.locator('.quick-input-filter input.input');
    this.title = this.widget.locator('.quick-input-title');
    this.message = this.widget.locator('.quick-input-message');
    this.rows = this.widget
      .getByRole('option')
      .or(this.widget.getByRole('checkbox'))
      .or(this.widget.getByRole('treeitem'));
  }

  /** Waits until a step with this title, or a part of it, asks. */
  async waitForStep(title: string | RegExp): Promise<void> {
    await this.title.filter({ hasText: title }).waitFor();
  }

  /** Replaces the text. */
  async type(text: string): Promise<void> {
    await this.input.fill(text);
  }

  /** Enter. */
  async accept(): Promise<void> {
    await this.input.press('Enter');
  }

  /** Answers a text step. */
  async answer(text: string): Promise<void> {
    await this.type(text);
    await this.accept();
  }

  row(label: string | RegExp): Locator {
    return this.widget.locator('.monaco-list-row').filter({ hasText: label }).first();
  }

  /** Chooses a row by its text; in a multi-pick, ticks or unticks it. */
  async pick(label: string | RegExp): Promise<void> {
    await this.row(label).click();
  }

  /** The Back button of a multi-step. */
  async back(): Promise<void> {
    await this.widget.getByRole('button', { name: 'Back' }).click();
  }

  /** A button of the title bar or of a row. */
  button(label: string): Locator {
    return this.widget.getByRole('button', { name: label });
  }

  async cancel(): Promise<void> {
    await this.page.keyboard.press('Escape');
  }

  async waitUntilClosed(): Promise<void> {
    await this.widget.waitFor({ state: 'hidden' });
  }
}
