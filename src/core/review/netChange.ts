/** One change of one value: a column of a row, or whether the row is there. */
export interface Write<V> {
  /** The transaction. */
  readonly seq: number;
  readonly actor: string;
  readonly before: V;
  readonly after: V;
  /** Somebody has seen it and agreed, or did it himself: it is what later changes are compared with. */
  readonly accepted: boolean;
}

/** What is left of an actor's changes of one value, one after the other. */
export interface Span<V> extends Write<V> {
  /** The first of its transactions; `seq` is the last. */
  readonly first: number;
}

/** A span that waits to be looked at. */
export interface NetChange<V> extends Span<V> {
  /** Who changed the value again after it. */
  readonly again?: string;
}

/** What was taken back, and may be done again. */
interface Taken<V> {
  readonly by: string;
  readonly from: V;
  readonly to: V;
  readonly spans: readonly Span<V>[];
}

/**
 * What the writes of one value, in their order, come to: several of one actor are one, before → after; those between
 * which somebody else wrote stay apart; what was taken back, by whomever, is nothing, and is there again when that is
 * taken back in turn. An accepted write may take back anything; another one only what waits: whoever takes back what was
 * accepted has changed it.
 */
export function netChanges<V>(writes: readonly Write<V>[]): NetChange<V>[] {
  let spans: Span<V>[] = [];
  let taken: Taken<V> | undefined;
  for (const write of writes) {
    const { actor, accepted, seq } = write;
    const isRedo = taken !== undefined && redoes(write, taken);
    const from = isRedo ? -1 : taking(spans, write);
    if (from >= 0) {
      taken = { by: actor, from: write.after, to: write.before, spans: spans.slice(from) };
      spans = spans.slice(0, from);
      continue;
    }
    if (taken && isRedo) spans.push(...taken.spans);
    else {
      const top = spans.at(-1);
      const joins = top && top.actor === actor && top.accepted === accepted;
      if (joins) spans[spans.length - 1] = { ...top, seq, after: write.after };
      else spans.push({ ...write, first: seq });
    }
    taken = undefined;
  }
  return spans.flatMap((span, at) => {
    const again = spans[at + 1]?.actor;
    return span.accepted ? [] : [{ ...span, ...(again !== undefined && { again }) }];
  });
}

/** Where the spans begin that a write takes back; -1 if it takes nothing back. */
function taking<V>(spans: readonly Span<V>[], { accepted, after }: Write<V>): number {
  const from = spans.findLastIndex((span) => span.before === after);
  return from >= 0 && (accepted || spans.slice(from).every((span) => !span.accepted)) ? from : -1;
}

/** True where somebody undoes that he took back what others did. Who does again what was his does something new. */
function redoes<V>({ actor, accepted, before, after }: Write<V>, { by, from, to, spans }: Taken<V>): boolean {
  if (actor !== by || before !== from || after !== to) return false;
  return spans.some((span) => span.actor !== actor) && (accepted || spans.every((span) => !span.accepted));
}
