import type { Locator, Page } from 'playwright-core';
import { TreeView } from './treeView.js';

/** Our container in the side bar. */
export class Sidebar {
  /** Its icon in the activity bar. */
  readonly tab: Locator;
  private readonly part: Locator;

  constructor(private readonly page: Page) {
    this.tab = page.locator('.activitybar').getByRole('tab', { name: 'Tasks' });
    this.part = page.locator('[id="workbench.parts.sidebar"]');
  }

  /** Shows the container. */
  async open(): Promise<void> {
    if ((await this.tab.getAttribute('aria-selected')) !== 'true') await this.tab.click();
    // Off the icon, whose tooltip would lie over the view.
    await this.page.mouse.move(0, 0);
    await this.part.getByRole('heading', { name: 'Tasks' }).first().waitFor();
  }

  /** One of its views. */
  view(name: string): TreeView {
    return new TreeView(this.page, this.part, name);
  }

  /** What a view says when it has no rows. */
  get welcome(): Locator {
    return this.part.locator('.welcome-view-content');
  }

  /** An icon of a view's title bar, which shows while the mouse is over it. */
  async titleAction(label: string, view = 'Tasks'): Promise<Locator> {
    const header = this.part.locator('.pane-header').filter({ has: this.page.getByText(view, { exact: true }) });
    await header.hover();
    return header.locator('.actions').getByRole('button', { name: label });
  }
}
