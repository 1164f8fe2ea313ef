import type { ChangeView } from '../app/history/historyInputs.js';
import { changeLines } from '../app/history/transactionText.js';
import type { WatchEventView } from '../app/watch/watchInputs.js';
import { plain } from '../core/model/plainText.js';
import { toSecond } from '../core/model/timeText.js';

/**
 * One line for each task that a change touches, `#41  2026-11-21 07:30:12  ann  task.update  T-1 title: “One” → “Uno”`,
 * and one for each notification of yours that came with it.
 */
export function watchLines({ seq, at, actor, action, tasks, changes, notifications }: WatchEventView): string {
  const head = [`#${seq}`, toSecond(at), plain(actor), action].filter((part) => part !== '').join('  ');
  const byTask = new Map<string, ChangeView[]>();
  for (const change of changes) byTask.set(change.task, [...(byTask.get(change.task) ?? []), change]);
  const lines = [...byTask.values()].map((own) => {
    const words = own.flatMap(changeLines).map((line) => line.trim().replace(/^[~+] /, ''));
    return `${head}  ${words.length > 0 ? words.join('; ') : own[0]?.name}`;
  });
  const told = notifications.map((one) => `${head}  [${plain(one.type).toUpperCase()}] ${plain(one.message)}`);
  return (lines.length + told.length === 0 ? tasks.map(({ name }) => `${head}  ${name}`) : [...lines, ...told]).join(
    '\n',
  );
}
