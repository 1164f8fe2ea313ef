import * as vscode from 'vscode';
import { type Claim, isLive } from '../core/model/claim.js';
import type { ReferenceState } from '../core/model/fileReference.js';
import type { Priority } from '../core/model/priority.js';
import type { Status } from '../core/model/status.js';
import { taskName } from '../core/model/taskId.js';
import type { WorkState } from '../core/model/workState.js';

/** A state's name in sentence case, its codicon and its colour: the one table that every view reads. */
export interface StateLook {
  readonly label: string;
  readonly icon: string;
  readonly color: string;
}

export function stateLook(state: WorkState): StateLook {
  const { t } = vscode.l10n;
  switch (state) {
    case 'ready':
      return { label: t('Ready'), icon: 'circle-large-outline', color: 'charts.green' };
    case 'in_progress':
      return { label: t('In progress'), icon: 'play-circle', color: 'charts.blue' };
    case 'claimed':
      return { label: t('Claimed'), icon: 'play-circle', color: 'charts.blue' };
    case 'waiting':
      return { label: t('Waiting'), icon: 'lock', color: 'charts.yellow' };
    case 'scheduled':
      return { label: t('Scheduled'), icon: 'calendar', color: 'charts.yellow' };
    case 'blocked':
      return { label: t('Blocked'), icon: 'error', color: 'charts.red' };
    case 'needs_decision':
      return { label: t('Needs decision'), icon: 'question', color: 'taskOrchestrator.needsDecision' };
    case 'completed':
      return { label: t('Completed'), icon: 'pass-filled', color: 'disabledForeground' };
    case 'cancelled':
      return { label: t('Cancelled'), icon: 'circle-slash', color: 'disabledForeground' };
  }
}

export function statusLabel(status: Status): string {
  const { t } = vscode.l10n;
  const labels: Record<Status, string> = {
    pending: t('Pending'),
    in_progress: t('In progress'),
    blocked: t('Blocked'),
    completed: t('Completed'),
    cancelled: t('Cancelled'),
  };
  return labels[status];
}

export function priorityLabel(priority: Priority): string {
  const { t } = vscode.l10n;
  const labels: Record<Priority, string> = {
    critical: t('Critical'),
    high: t('High'),
    medium: t('Medium'),
    low: t('Low'),
    background: t('Background'),
  };
  return labels[priority];
}

/** What is said of a reference that is not where it was; empty for one that is. */
export function referenceNote(state: ReferenceState, missing: boolean): string {
  const { t } = vscode.l10n;
  if (missing) return t('missing');
  if (state === 'moved') return t('moved');
  if (state === 'changed') return t('changed');
  return '';
}

/** "T-4, T-7 +3": two names and how many more. */
export function shortNames(numbers: readonly number[]): string {
  const shown = numbers.slice(0, 2).map(taskName).join(', ');
  return numbers.length > 2 ? `${shown} +${numbers.length - 2}` : shown;
}

/** "12 min ago", in the user's language. */
export function ago(time: string, now = Date.now()): string {
  const seconds = Math.round((new Date(time).getTime() - now) / 1000);
  const format = new Intl.RelativeTimeFormat(vscode.env.language, { numeric: 'auto', style: 'short' });
  const units: [Intl.RelativeTimeFormatUnit, number][] = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ];
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return vscode.l10n.t('just now');
}

/** How long until a moment: "18 min", "2 h", in the user's language; a minute that has begun counts. */
export function until(time: string, now = Date.now()): string {
  const minutes = Math.ceil(Math.max(Date.parse(time) - now, 0) / 60_000);
  const hours = Math.floor(minutes / 60);
  if (hours >= 2 && hours < 48) return vscode.l10n.t('{0} h', hours);
  const [amount, unit] = hours >= 48 ? [Math.floor(hours / 24), 'day'] : [minutes, 'minute'];
  return new Intl.NumberFormat(vscode.env.language, { style: 'unit', unit, unitDisplay: 'short' }).format(amount);
}

/** Who holds a task, since when and how long still: "agent-2 12 min ago, 18 min left". */
export function claimWords(claim: Claim, now: string): string {
  const { by, at, expiresAt } = claim;
  const { t } = vscode.l10n;
  const present = Date.parse(now);
  if (!isLive(claim, now)) return t("{0}'s claim ran out {1}", by, ago(expiresAt, present));
  return t('{0} {1}, {2} left', by, ago(at, present), until(expiresAt, present));
}

/** The time of the day, and the day where it is another one than today. */
export function clockTime(time: string): string {
  const date = new Date(time);
  return date.toDateString() === new Date().toDateString()
    ? date.toLocaleTimeString(vscode.env.language, { timeStyle: 'short' })
    : dateTime(time);
}

/** Day and time in the user's language. */
export function dateTime(time: string): string {
  return new Date(time).toLocaleString(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' });
}

/** "140 kB". */
export function fileSize(bytes: number): string {
  const format = new Intl.NumberFormat(vscode.env.language, {
    style: 'unit',
    unit: bytes < 1_000_000 ? 'kilobyte' : 'megabyte',
    maximumFractionDigits: bytes < 1_000_000 ? 0 : 1,
  });
  return format.format(bytes / (bytes < 1_000_000 ? 1_000 : 1_000_000));
}

/** A date in the user's language. */
export function shortDate(time: string): string {
  return new Date(time).toLocaleDateString(vscode.env.language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
}
