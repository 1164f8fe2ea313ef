/** A group of controls that is one tab stop: one member has the keyboard, keys move within. */

interface RovingItem {
  readonly id: string;
  readonly element: HTMLElement | SVGElement;
}

export interface RovingKeys {
  /** The member that an arrow key leads to. */
  next(id: string, key: 'left' | 'right' | 'up' | 'down'): string | undefined;
  /** Enter or Space. */
  activate(id: string): void;
  /** `f`. */
  focus(id: string): void;
  escape(): void;
  /** After the keyboard has moved to another member. */
  moved(id: string): void;
}

const ARROWS = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' } as const;

export class Roving {
  private items: readonly RovingItem[] = [];
  current: string | undefined;

  constructor(
    root: HTMLElement,
    private readonly keys: RovingKeys,
  ) {
    root.addEventListener('keydown', (event) => this.onKey(event));
    root.addEventListener('focusin', (event) => {
      const item = this.itemOf(event.target);
      if (item) this.setCurrent(item.id);
    });
  }

  /** Replaces the members, in reading order. `preferred` gets the tab stop if the one that had it is gone. */
  setItems(items: readonly RovingItem[], preferred: string | undefined): void {
    this.items = items;
    const has = (id: string | undefined): boolean => items.some((item) => item.id === id);
    if (!has(this.current)) this.current = has(preferred) ? preferred : items[0]?.id;
    for (const item of items) item.element.setAttribute('tabindex', item.id === this.current ? '0' : '-1');
  }

  element(id: string | undefined): HTMLElement | SVGElement | undefined {
    return this.items.find((item) => item.id === id)?.element;
  }

  /** True while a member has the keyboard. */
  hasFocus(): boolean {
    return this.itemOf(document.activeElement) !== undefined;
  }

  /** Gives the keyboard to a member. */
  go(id: string): void {
    this.setCurrent(id);
    this.element(id)?.focus({ preventScroll: true });
    this.keys.moved(id);
  }

  private setCurrent(id: string): void {
    this.element(this.current)?.setAttribute('tabindex', '-1');
    this.element(id)?.setAttribute('tabindex', '0');
    this.current = id;
  }

  private itemOf(target: EventTarget | null): RovingItem | undefined {
    return this.items.find((item) => item.element === target);
  }

  private onKey(event: KeyboardEvent): void {
    const item = this.itemOf(event.target);
    if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = this.target(item.id, event.key);
    if (target !== undefined) this.go(target);
    else if (event.key === 'Enter' || event.key === ' ') this.keys.activate(item.id);
    else if (event.key === 'f') this.keys.focus(item.id);
    else if (event.key === 'Escape') this.keys.escape();
    else if (!(event.key in ARROWS)) return;
    event.preventDefault();
  }

  private target(id: string, key: string): string | undefined {
    if (key === 'Home') return this.items[0]?.id;
    if (key === 'End') return this.items.at(-1)?.id;
    if (!(key in ARROWS)) return undefined;
    return this.keys.next(id, ARROWS[key as keyof typeof ARROWS]);
  }
}
