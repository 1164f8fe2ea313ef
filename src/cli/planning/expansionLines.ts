import type { ExpandedTask } from '../../app/planning/expansion/expansionInputs.js';
import { counted } from '../../core/model/counted.js';
import { plain } from '../../core/model/plainText.js';

import type { Style } from '../terminal/style.js';

/** A proposal as a tree. */
export function expansionLines(expansion: ExpandedTask, style: Style): string[] {
  const { originalTask, subtasks, testTasks, documentationTasks, implementationSteps } = expansion;
  const own = implementationSteps.filter(({ subtaskId }) => subtaskId === undefined);
  const item = (id: string, title: string, notes: readonly (string | false | undefined)[], depth = 0) => {
    const said = notes.filter((note) => note !== false && note !== undefined);
    return `${'  '.repeat(depth + 1)}${style.bold(id)}  ${plain(title)}${said.length > 0 ? style.dim(`  ${said.join(' · ')}`) : ''}`;
  };
  const hours = (effort: number | null) => effort !== null && `${effort} h`;
  const list = (words: string, ids: readonly string[]) => ids.length > 0 && `${words} ${ids.join(', ')}`;
  const section = (title: string, lines: readonly string[]) =>
    lines.length > 0 ? ['', style.bold(title), ...lines] : [];
  return [
    `${originalTask.name}  ${plain(originalTask.title)}`,
    ...section(
      'Subtasks',
      subtasks.map((one) => {
        const steps = implementationSteps.filter(({ subtaskId }) => subtaskId === one.id).length;
        const notes = [one.type, one.priority !== 'medium' && one.priority, hours(one.estimatedEffort)];
        const depth = one.id.split('.').length - 1;
        return item(
          one.id,
          one.title,
          [...notes, list('after', one.dependencies), steps > 0 && counted(steps, 'step')],
          depth,
        );
      }),
    ),
    ...section(
      'Tests',
      testTasks.map((one) => {
        const scenarios = one.scenarios.length > 0 && counted(one.scenarios.length, 'scenario');
        return item(one.id, one.title, [
          one.type,
          hours(one.estimatedEffort),
          list('tests', one.targetSubtaskIds),
          scenarios,
        ]);
      }),
    ),
    ...section(
      'Documentation',
      documentationTasks.map((one) =>
        item(one.id, one.title, [one.type, hours(one.estimatedEffort), list('documents', one.targetSubtaskIds)]),
      ),
    ),
    ...section(
      `Implementation steps, for the description of ${originalTask.name} (steps)`,
      own.map((step) => `  ${step.stepNumber}. ${plain(step.title)}${style.dim(`  ${step.riskLevel} risk`)}`),
    ),
  ];
}

/** Who made it, and what it took. */
export function sourceSentence({ metadata }: ExpandedTask): string {
  const { provider, model, tokenUsage, basis, requests } = metadata;
  if (basis === 'template') return `From a fixed template (${plain(model)}).`;
  const questions = requests === 1 ? '' : `, ${requests} questions`;
  const tokens = tokenUsage
    ? `${tokenUsage.inputTokens.toLocaleString('en')} tokens in, ${tokenUsage.outputTokens.toLocaleString('en')} out`
    : 'tokens not reported';
  return `From ${plain(model)} (${provider}): ${tokens}${questions}.`;
}

/** How many tasks accepting all of it makes. */
export function taskCount({ subtasks, testTasks, documentationTasks }: ExpandedTask): number {
  return subtasks.length + testTasks.length + documentationTasks.length;
}
