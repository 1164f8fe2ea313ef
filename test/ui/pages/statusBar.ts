import type { Locator, Page } from 'playwright-core';

/** The status bar. */
export class StatusBar {
  constructor(private readonly page: Page) {}

  /** One of our items, by the id that it was created with. */
  item(id: string): Locator {
    return this.page.locator(`[id="task-orchestrator.task-orchestrator.${id}"]`);
  }
}
