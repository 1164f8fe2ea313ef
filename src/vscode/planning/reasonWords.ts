import * as vscode from 'vscode';
import type { RankedTask } from '../../core/planning/nextTask/choose.js';
import type { Factor, FactorBasis } from '../../core/planning/nextTask/score.js';
import type { FactorName } from '../../core/planning/nextTask/weights.js';
import { leadingFactors } from '../../core/planning/nextTask/words.js';
import { escapeMarkdown } from '../escapeMarkdown.js';
import { priorityLabel, shortDate } from '../words.js';

/** Why a task is next, in a few words, the weightiest reason first. */
export function shortReasons({ factors }: RankedTask, nameOf: (id: string) => string): string[] {
  return leadingFactors(factors)
    .map((factor) => factorWords(factor, nameOf))
    .filter((words) => words !== '');
}

/** A table of what the score is made of. */
export function scoreTable(
  { factors, missing, total }: RankedTask,
  nameOf: (id: string) => string,
): vscode.MarkdownString {
  const { t } = vscode.l10n;
  const rows = factors.map((factor) => {
    const cells = [
      factorLabel(factor.name),
      percent(factor.contribution),
      `${percent(factor.weight)} × ${percent(factor.score)}`,
      escapeMarkdown(factorWords(factor, nameOf)),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const text = new vscode.MarkdownString(
    [`**${t('Score {0}', percent(total))}**`, '', '| | | | |', '|---|--:|--:|---|', ...rows].join('\n'),
  );
  if (missing.length > 0)
    text.appendMarkdown(`\n\n${t('Nothing is known of: {0}', missing.map(factorLabel).join(', '))}`);
  return text;
}

function factorLabel(name: FactorName): string {
  const { t } = vscode.l10n;
  const labels: Record<FactorName, string> = {
    readiness: t('Readiness'),
    urgency: t('Urgency'),
    priority: t('Priority'),
    business_value: t('Business value'),
    complexity_fit: t('Fit'),
    continuity: t('Continuity'),
  };
  return labels[name];
}

function factorWords(factor: Factor, nameOf: (id: string) => string): string {
  const { t } = vscode.l10n;
  switch (factor.name) {
    case 'priority':
      return t('{0} priority', priorityLabel(factor.basis.priority).toLowerCase());
    case 'urgency':
      return urgencyWords(factor.basis, nameOf);
    case 'business_value':
      return valueWords(factor.basis);
    case 'readiness': {
      const { described, estimated } = factor.basis;
      return [described ? t('described') : t('not described'), estimated ? t('estimated') : t('not estimated')].join(
        ', ',
      );
    }
    case 'complexity_fit':
      return fitWords(factor.basis);
    case 'continuity': {
      const { last, shared } = factor.basis;
      return shared.length === 0
        ? t('nothing in common with {0}', nameOf(last))
        : t('like {0}: {1}', nameOf(last), shared.slice(0, 3).join(', '));
    }
  }
}

function urgencyWords(
  { due, chainHours, longestHours }: FactorBasis['urgency'],
  nameOf: (id: string) => string,
): string {
  const { t } = vscode.l10n;
  if (!due) return t('begins a chain of {0} of {1}', hours(chainHours), hours(longestHours));
  const name = nameOf(due.of);
  const day = shortDate(due.at);
  return due.slackHours < 0
    ? t('{0} is due {1}, {2} too late', name, day, hours(-due.slackHours))
    : t('{0} is due {1}, {2} of slack', name, day, hours(due.slackHours));
}

function valueWords({ explicit, dependants }: FactorBasis['business_value']): string {
  const { t } = vscode.l10n;
  const waiting =
    dependants === 0 ? '' : dependants === 1 ? t('1 task waits for it') : t('{0} tasks wait for it', dependants);
  return [explicit ? t('value {0} of {1}', explicit.value, explicit.of) : '', waiting]
    .filter((part) => part)
    .join(', ');
}

function fitWords({ hours: time, complexity, preferred }: FactorBasis['complexity_fit']): string {
  const { t } = vscode.l10n;
  return [
    time ? t('{0} of {1} at hand', hours(time.p50), hours(time.available)) : '',
    complexity ? t('complexity {0}', complexity.score) : '',
    ...(preferred?.met ?? []),
  ]
    .filter((part) => part)
    .join(', ');
}

/** "3.5 h", the number as the user's language writes it. */
function hours(value: number): string {
  const number = new Intl.NumberFormat(vscode.env.language, { maximumFractionDigits: 1 }).format(value);
  return vscode.l10n.t('{0} h', number);
}

function percent(share: number): string {
  return new Intl.NumberFormat(vscode.env.language, { style: 'percent', maximumFractionDigits: 1 }).format(share);
}
