import type { AlternativeView, NextTaskView, SelectionView } from '../../app/planning/nextTask/nextTaskInputs.js';
import { plain } from '../../core/model/plainText.js';
import { hours } from '../../core/planning/nextTask/words.js';
import type { Style } from '../terminal/style.js';

/** Why a task is the next one: what its score is made of, who else was there, the hours at hand, the risks. */
export function explanation({ task, selection }: NextTaskView, style: Style): string[] {
  if (!task) return [];
  const { reasoning, selectedTasks, alternatives, riskAssessment } = selection;
  return [
    style.bold(`${task.name}  ${plain(task.title)}`),
    ...scoreLines(selection),
    ...reasoning.missingFactors.map(({ name, reason }) => style.dim(`  not counted: ${words(name)} (${reason})`)),
    ...section('With it', selectedTasks.slice(1).map(taskLine)),
    ...section('After it', alternatives.map(taskLine)),
    ...section('Plan', planLines(selection)),
    ...section(
      `Risks: ${riskAssessment.overallRisk}`,
      riskAssessment.riskFactors.map(({ impact, description, mitigation }) => {
        return `  ${impact}: ${plain(description)}. ${plain(mitigation)}.`;
      }),
    ),
  ];
}

function scoreLines({ selectedTask, reasoning }: SelectionView): string[] {
  const rows = reasoning.decisionFactors.map(({ name, weight, score, contribution, description }) => ({
    name: words(name),
    sum: `${weight.toFixed(2)} × ${score.toFixed(2)} = ${contribution.toFixed(4)}`,
    description: plain(description),
  }));
  const total = { name: 'score', sum: (selectedTask?.overallScore ?? 0).toFixed(4), description: '' };
  const width = Math.max(...[...rows, total].map(({ name }) => name.length));
  const wide = Math.max(...rows.map(({ sum }) => sum.length));
  return [...rows, total].map(({ name, sum, description }) =>
    `  ${name.padEnd(width)}  ${sum.padStart(wide)}  ${description}`.trimEnd(),
  );
}

function taskLine({ name, title, overallScore, reasons }: AlternativeView): string {
  return `  ${overallScore.toFixed(4)}  ${name}  ${plain(title)}: ${plain(reasons.join(' · '))}`;
}

/** The hours at hand; nothing where they were not given. */
function planLines({ schedulingSuggestions, metadata, selectedTasks, alternatives }: SelectionView) {
  if (metadata.criteria.hours_available_today === undefined) return [];
  const names = new Map([...selectedTasks, ...alternatives].map(({ id, name }) => [id, name]));
  const since = (time: string) => hours((Date.parse(time) - Date.parse(metadata.selectionTime)) / 3_600_000);
  const workers = new Set(schedulingSuggestions.map(({ worker }) => worker)).size;
  return schedulingSuggestions.map(({ task_id, worker, suggestedStartTime, recommendedDuration, rationale }) => {
    const who = workers > 1 ? `worker ${worker}, ` : '';
    const long = recommendedDuration === null ? '' : `, ${hours(recommendedDuration)}`;
    return `  ${who}in ${since(suggestedStartTime)}: ${names.get(task_id) ?? task_id}${long}: ${plain(rationale)}`;
  });
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function words(name: string): string {
  return name.replaceAll('_', ' ');
}
