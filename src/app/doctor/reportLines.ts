import { plain } from '../../core/model/plainText.js';
import type { DoctorReport } from './doctor.js';
import { serviceLines } from './services.js';
import { surroundingLines } from './surroundings.js';

/** A report as lines of text, the files first, then the machine, then what was put right, then what is wrong. */
export function reportLines({
  findings,
  fixed = [],
  backup,
  examined,
  surroundings,
  services,
}: DoctorReport): string[] {
  const { image, journal, tasks } = examined;
  const value = (name: string, number: number | null) => (number === null ? [] : [`${name} ${number}`]);
  const size = (bytes: number | null) => (bytes === null ? 'missing' : `${bytes} bytes`);
  const lines = [
    `${image.path}: ${[size(image.bytes), ...value('schema', image.schema), ...value('transaction', image.head)].join(', ')}`,
    `${journal.path}: ${[size(journal.bytes), ...value('after transaction', journal.base), ...value('up to', journal.head)].join(', ')}`,
    ...(tasks === null ? [] : [`${tasks} ${tasks === 1 ? 'task' : 'tasks'}`]),
    ...(surroundings === undefined ? [] : surroundingLines(surroundings)),
    ...(services === undefined ? [] : serviceLines(services)),
    ...(backup === undefined ? [] : [`backup: ${backup}`]),
    ...fixed.flatMap(({ code, what, fix }) => [`fixed ${code}: ${what}`, `  done: ${fix}`]),
    ...findings.flatMap(({ severity, code, what, fix, advice }) => [
      `${severity} ${code}: ${what}`,
      ...(fix === undefined ? [] : [`  --fix: ${fix}`]),
      ...(advice === undefined ? [] : [`  you: ${advice}`]),
    ]),
    ...(findings.length === 0 ? ['Healthy: nothing is wrong.'] : []),
  ];
  return lines.map(plain);
}
