import type { SuccessCriterion } from '../../../core/model/task.js';

/** Criteria out of a text: its list items with or without boxes, else its lines. `#1 ` before one goes. */
export function checklist(text: string): SuccessCriterion[] {
  const lines = text.split(/\r?\n|\\n/).map((line) => line.trim());
  const items = lines.flatMap((line) => {
    const match = /^(?:[-*+]|\d+[.)])\s+(?:\[([ xX])\]\s*)?(.*)$/.exec(line);
    return match ? [{ criterion: match[2] ?? '', done: (match[1] ?? ' ') !== ' ' }] : [];
  });
  const found = items.length > 0 ? items : lines.map((line) => ({ criterion: line, done: false }));
  return found
    .map(({ criterion, done }) => ({ criterion: criterion.replace(/^#\d+\s+/, '').trim(), done }))
    .filter(({ criterion }) => criterion !== '');
}
