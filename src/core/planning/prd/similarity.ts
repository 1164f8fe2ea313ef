/** The pairs of letters of a text, in order, each as one number. */
export type LetterPairs = Uint32Array;

/** How alike two titles are, 0 to 1: the Sørensen–Dice coefficient of their pairs of letters (Dice 1945). */
export function similarity(one: string, other: string): number {
  if (one === other) return one === '' ? 0 : 1;
  return diceCoefficient(pairsOf(one), pairsOf(other));
}

/** The same of pairs, for a text that is compared with many. */
export function diceCoefficient(a: LetterPairs, b: LetterPairs): number {
  if (a.length === 0 || b.length === 0) return 0;
  let shared = 0;
  for (let [left, right] = [0, 0]; left < a.length && right < b.length; ) {
    const difference = (a[left] ?? 0) - (b[right] ?? 0);
    if (difference === 0) shared += 1;
    if (difference <= 0) left += 1;
    if (difference >= 0) right += 1;
  }
  return (2 * shared) / (a.length + b.length);
}

export function pairsOf(text: string): LetterPairs {
  const pairs = new Uint32Array(Math.max(0, text.length - 1));
  for (let at = 0; at < pairs.length; at += 1) pairs[at] = text.charCodeAt(at) * 65_536 + text.charCodeAt(at + 1);
  return pairs.sort();
}
