import * as vscode from 'vscode';
import type { Counted, Fact } from '../../app/review/facts.js';

/** `status: pending → completed`, `+2 criteria`, `description changed`. */
export function factWords(fact: Fact): string {
  const { t } = vscode.l10n;
  switch (fact.kind) {
    case 'created':
      return t('created');
    case 'deleted':
      return t('deleted');
    case 'value':
      return `${fact.field}: ${fact.before ?? t('none')} → ${fact.after ?? t('none')}`;
    case 'list':
      return `${fact.field}: ${[...fact.added.map((one) => `+${one}`), ...fact.removed.map((one) => `−${one}`)].join(' ')}`;
    case 'text':
      return t('{0} changed', fact.field);
    case 'count': {
      const of = (sign: string, n: number) => (n > 0 ? [`${sign}${counted(fact.of, n)}`] : []);
      const changed = fact.changed > 0 ? [t('{0} changed', counted(fact.of, fact.changed))] : [];
      return [...of('+', fact.added), ...of('−', fact.removed), ...changed].join(', ') || t('criteria changed');
    }
  }
}

function counted(of: Counted, n: number): string {
  const { t } = vscode.l10n;
  const words: Readonly<Record<Counted, readonly [one: string, many: string]>> = {
    criteria: [t('1 criterion'), t('{0} criteria', n)],
    dependency: [t('1 dependency'), t('{0} dependencies', n)],
    link: [t('1 link'), t('{0} links', n)],
    reference: [t('1 code reference'), t('{0} code references', n)],
    note: [t('1 note'), t('{0} notes', n)],
    time: [t('1 time entry'), t('{0} time entries', n)],
    commit: [t('1 commit'), t('{0} commits', n)],
  };
  return words[of][n === 1 ? 0 : 1];
}
