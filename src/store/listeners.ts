/** Tells all of them. The change is durable whatever a listener does with it: its mistake must not look like a failed commit. */
export function tell<T>(listeners: Iterable<(change: T) => void>, change: T): void {
  for (const listener of listeners) {
    try {
      listener(change);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
