import type { Counted, Fact } from '../app/review/facts.js';
import { counted } from '../core/model/counted.js';
import { plain } from '../core/model/plainText.js';

const NAMES: Readonly<Record<Counted, readonly [one: string, many: string]>> = {
  criteria: ['criterion', 'criteria'],
  dependency: ['dependency', 'dependencies'],
  link: ['link', 'links'],
  reference: ['code reference', 'code references'],
  note: ['note', 'notes'],
  time: ['time entry', 'time entries'],
  commit: ['commit', 'commits'],
};

/** `status: pending → completed`, `+2 criteria`, `description changed`. */
export function factText(fact: Fact): string {
  switch (fact.kind) {
    case 'created':
    case 'deleted':
      return fact.kind;
    case 'value':
      return `${fact.field}: ${plain(fact.before ?? 'none')} → ${plain(fact.after ?? 'none')}`;
    case 'list':
      return `${fact.field}: ${[...fact.added.map((one) => `+${plain(one)}`), ...fact.removed.map((one) => `−${plain(one)}`)].join(' ')}`;
    case 'text':
      return `${fact.field} changed`;
    case 'count': {
      const of = (n: number) => counted(n, ...NAMES[fact.of]);
      const parts = [
        ...(fact.added > 0 ? [`+${of(fact.added)}`] : []),
        ...(fact.removed > 0 ? [`−${of(fact.removed)}`] : []),
        ...(fact.changed > 0 ? [`${of(fact.changed)} changed`] : []),
      ];
      return parts.join(', ') || `${fact.of} changed`;
    }
  }
}
