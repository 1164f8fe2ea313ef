import type { Page } from 'playwright-core';
import type { Palette } from './palette.js';

/** The messages that VS Code keeps; under the test driver they do not pop up by themselves. */
export class Notifications {
  constructor(
    private readonly page: Page,
    private readonly palette: Palette,
  ) {}

  /** Shows the list and returns its texts, newest first. */
  async texts(): Promise<string[]> {
    await this.show();
    return this.page.locator('.notifications-center .notification-list-item-message').allInnerTexts();
  }

  /** Presses a button of the message that holds a text. */
  async press(text: string | RegExp, button: string): Promise<void> {
    await this.show();
    const item = this.page.locator('.notifications-center .notification-list-item').filter({ hasText: text }).first();
    await item.hover();
    await item.getByRole('button', { name: button }).click();
  }

  private async show(): Promise<void> {
    if (await this.page.locator('.notifications-center.visible').isVisible()) return;
    await this.palette.run('notifications.showList', 'Notifications: Show Notifications');
    await this.page.locator('.notifications-center.visible').waitFor();
  }
}
