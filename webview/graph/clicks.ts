/** Clicks on tasks, by one listener for all: nodes and rows come and go with every snapshot. */

interface TaskClicks {
  /** One click. Called at once, so a double click begins with it. */
  activate(id: string): void;
  /** A double click. */
  focus(id: string): void;
}

/** Listens in `root` for clicks on whatever carries `data-task`; the callbacks get its Mermaid id. */
export function onTaskClick(root: HTMLElement, { activate, focus }: TaskClicks): void {
  const idOf = (event: MouseEvent): string | undefined =>
    (event.target as Element).closest<HTMLElement | SVGElement>('[data-task]')?.dataset.id;
  root.addEventListener('click', (event) => {
    const id = idOf(event);
    // The second click of two is no second wish; a screen reader's click counts as none.
    if (id !== undefined && event.detail < 2) activate(id);
  });
  root.addEventListener('dblclick', (event) => {
    const id = idOf(event);
    if (id !== undefined) focus(id);
  });
}
