import type { Locator, Page } from 'playwright-core';

/** The status bar. */
export class StatusBar {
  constructor(private readonly page: Page) {}

  /** One of our items, by the id that it was created with. */
  item(id: string): Locator {
    return this.page.locator(`[id="task-orchestrator.task-orchestrator.${id}"]`);
  }

  /** A message that is shown for a while, by its text or a part of it. */
  text(text: string): Locator {
    return this.page.locator('.statusbar-item').filter({ hasText: text }).first();
  }
}
