import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { root } from '../../../scripts/lib/paths.mjs';
import type { QuickInput } from './quickInput.js';

/** The command palette. */
export class Palette {
  constructor(
    private readonly page: Page,
    private readonly quickInput: QuickInput,
  ) {}

  /**
   * Runs a command.
   * @param id its id
   * @param title what to type to find it; our own commands' titles are known
   */
  async run(id: string, title: string = titleOf(id)): Promise<void> {
    await this.open(title);
    await this.entry(id).click();
  }

  /** Opens the palette with a text typed, for looking at what it offers. */
  async open(text: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.quickInput.input.waitFor();
    await this.quickInput.type(`>${text}`);
  }

  /** A command's entry, by its id: matching is fuzzy, and a text may stand in several. */
  entry(id: string): Locator {
    return this.page.locator(`[data-quick-input-id="${id}"]`);
  }
}

interface Command {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
}

/** The title that the palette shows for one of our commands, its category included. */
function titleOf(id: string): string {
  const manifest = readJson('package.json') as { contributes: { commands: readonly Command[] } };
  const texts = readJson('package.nls.json') as Record<string, string | { message: string }>;
  const text = (value: string) => {
    const entry = /^%(.+)%$/.test(value) ? texts[value.slice(1, -1)] : value;
    return typeof entry === 'object' ? entry.message : (entry ?? value);
  };
  const command = manifest.contributes.commands.find((candidate) => candidate.command === id);
  if (!command) throw new Error(`package.json declares no command ${id}: give its title`);
  return command.category ? `${text(command.category)}: ${text(command.title)}` : text(command.title);
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));
