import type { FrameLocator, Locator, Page } from 'playwright-core';

/** The dependency graph beside the editor. */
export class GraphPanel {
  /** The webview's own document. */
  readonly frame: FrameLocator;

  constructor(page: Page) {
    this.frame = page
      .frameLocator('iframe.webview.ready[src*="extensionId=task-orchestrator.task-orchestrator"]')
      .frameLocator('iframe#active-frame');
  }

  /** The page, once it has drawn what it was asked for and says so by its `data-state`. */
  async ready(state = 'ready'): Promise<Locator> {
    const body = this.frame.locator(`body[data-state="${state}"]`);
    await body.waitFor({ timeout: 30_000 });
    return body;
  }

  /** A task of the picture, by what a screen reader says of it. */
  node(name: string | RegExp): Locator {
    return this.frame.locator('#stage').getByRole('button', { name });
  }

  /** A control of the page: a banner's action, zoom, legend. */
  control(name: string | RegExp): Locator {
    return this.frame.getByRole('button', { name, exact: typeof name === 'string' });
  }
}
