import type { Locator, Page } from 'playwright-core';

/** A tree view: about 17 of its rows are in the page, whatever its size. */
export class TreeView {
  readonly tree: Locator;
  /** Its header, which is not shown when it is the container's only view. */
  readonly header: Locator;

  constructor(
    private readonly page: Page,
    sidebar: Locator,
    name: string,
  ) {
    this.tree = sidebar.getByRole('tree', { name });
    this.header = sidebar.locator(`.pane-header[aria-label="${name} Section"]`);
  }

  /** A row that is in the page, by its accessible name or a part of it. */
  row(name: string | RegExp): Locator {
    return this.tree.getByRole('treeitem', { name }).first();
  }

  /** The selected row. */
  get selected(): Locator {
    return this.tree.locator('[role=treeitem][aria-selected=true]');
  }

  /** The accessible names of the rows that are in the page, from top to bottom. */
  async names(): Promise<string[]> {
    const rows = await this.tree.getByRole('treeitem').evaluateAll((elements) =>
      elements.map((element) => ({
        top: element.getBoundingClientRect().top,
        name: element.getAttribute('aria-label') ?? '',
      })),
    );
    return rows.sort((a, b) => a.top - b.top).map(({ name }) => name);
  }

  /** Scrolls from the top until a row is in the page. */
  async find(name: string | RegExp): Promise<Locator> {
    const row = this.row(name);
    if (await appears(row, 4000)) return row;
    await this.tree.hover();
    const deadline = Date.now() + 15_000;
    while (Date.now() < deadline) {
      await this.scroll(-2000, row);
      await this.scroll(200, row);
      if (await row.isVisible()) return row;
    }
    throw new Error(`No row ${name} in the tree. It shows:\n${(await this.names()).join('\n')}`);
  }

  /** Scrolls by so many pixels at a time until a row is in the page or the end is reached. */
  private async scroll(pixels: number, row: Locator): Promise<void> {
    let seen: string | undefined;
    for (;;) {
      if (await appears(row, 100)) return;
      const names = (await this.names()).join('\n');
      if (names === seen) return;
      seen = names;
      await this.page.mouse.wheel(0, pixels);
    }
  }

  async expand(name: string | RegExp): Promise<void> {
    // A click goes astray where the tree draws the row anew at that moment.
    for (let tries = 0; tries < 5; tries += 1) {
      const row = await this.find(name);
      if ((await row.getAttribute('aria-expanded')) !== 'false') return;
      await row.locator('.monaco-tl-twistie').click();
      if (await appears(this.tree.locator('[aria-expanded=true]').and(row), 2000)) return;
    }
  }

  async collapse(name: string | RegExp): Promise<void> {
    const row = await this.find(name);
    if ((await row.getAttribute('aria-expanded')) === 'true') await row.locator('.monaco-tl-twistie').click();
  }

  /** An icon of a row, shown while the pointer is on it; its label may end with its key. */
  async inlineAction(name: string | RegExp, label: string): Promise<Locator> {
    const row = await this.find(name);
    await row.hover();
    return row.locator(`.actions [role=button]:is([aria-label="${label}"], [aria-label^="${label} ("])`);
  }

  /** Rests the pointer on a row and returns the card that comes; once more where the row was drawn anew meanwhile. */
  async card(name: string | RegExp): Promise<Locator> {
    const card = this.page.locator('.monaco-hover:visible');
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await this.page.mouse.move(0, 0);
      await (await this.find(name)).hover();
      if (await appears(card.first(), 3_000)) break;
    }
    return card;
  }

  /** Opens a row's context menu; choose with {@link menuItem}. */
  async openMenu(name: string | RegExp): Promise<void> {
    await (await this.find(name)).click({ button: 'right' });
    await this.page.getByRole('menu').last().waitFor();
  }

  /** Chooses an entry of a row's context menu. VS Code ignores a click right after the menu has come up. */
  async choose(name: string | RegExp, entry: string | RegExp): Promise<void> {
    await this.openMenu(name);
    const item = this.menuItem(entry);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await item.click();
      const closed = item.waitFor({ state: 'hidden', timeout: 1_000 });
      if (
        await closed.then(
          () => true,
          () => false,
        )
      )
        return;
    }
  }

  /** An entry of the open context menu. */
  menuItem(label: string | RegExp): Locator {
    return this.page.locator('.context-view').getByRole('menuitem', { name: label });
  }
}

/** @param timeout milliseconds */
async function appears(locator: Locator, timeout: number): Promise<boolean> {
  return locator.waitFor({ timeout }).then(
    () => true,
    () => false,
  );
}
