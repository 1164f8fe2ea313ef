import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { shotsDir } from '../../../scripts/lib/paths.mjs';
import { Editor } from './editor.js';
import { GraphPanel } from './graphPanel.js';
import { Notifications } from './notifications.js';
import { Palette } from './palette.js';
import { QuickInput } from './quickInput.js';
import { Sidebar } from './sidebar.js';
import { StatusBar } from './statusBar.js';

/** VS Code's ids of the themes that every view is looked at in. */
export const themes = {
  light: 'Light Modern',
  dark: 'Dark Modern',
  contrast: 'Default High Contrast',
} as const;

export type Theme = keyof typeof themes;

/** A VS Code window. */
export class Workbench {
  readonly editor: Editor;
  readonly graph: GraphPanel;
  readonly notifications: Notifications;
  readonly palette: Palette;
  readonly quickInput: QuickInput;
  readonly sidebar: Sidebar;
  readonly statusBar: StatusBar;

  constructor(
    readonly page: Page,
    readonly theme: Theme,
  ) {
    this.quickInput = new QuickInput(page);
    this.palette = new Palette(page, this.quickInput);
    this.editor = new Editor(page, this.quickInput);
    this.graph = new GraphPanel(page);
    this.notifications = new Notifications(page, this.palette);
    this.sidebar = new Sidebar(page);
    this.statusBar = new StatusBar(page);
  }

  /** Waits for the workbench and for the extension's own part of it. */
  async waitUntilReady(): Promise<void> {
    await this.page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    await this.sidebar.tab.waitFor({ timeout: 60_000 });
  }

  /** Takes a screenshot into `test/ui/shots`, its name ending in the theme's. */
  async shot(name: string): Promise<void> {
    await this.page.screenshot({ path: join(shotsDir, `${name}.${this.theme}.png`) });
  }
}
