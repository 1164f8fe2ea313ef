import * as vscode from 'vscode';
import type { Orchestrator } from '../../app/orchestrator.js';
import type { ComplexityView } from '../../app/planning/complexity/complexityInputs.js';
import { storedComplexity } from '../../app/planning/complexity/storedComplexity.js';
import { plain } from '../../core/model/plainText.js';
import { taskName } from '../../core/model/taskId.js';
import type { Factor } from '../../core/planning/complexity/weights.js';
import { clockTime } from '../words.js';
import { namedTask } from './markdownText.js';

type Shown = Pick<ComplexityView, 'task' | 'complexity'>;
type Result = ComplexityView['complexity'];

/** The analysis that is kept with a task. */
export function keptView({ plan }: Orchestrator, id: string): Shown | undefined {
  const { number, title } = plan.graph.require(id).task;
  const kept = storedComplexity(plan, id);
  return kept && { task: { id, number, name: taskName(number), title }, complexity: kept };
}

/** An analysis as Markdown; places in code stand between backticks. */
export function complexityMarkdown({ task, complexity }: Shown): string {
  const { t } = vscode.l10n;
  const { score, riskAssessment, confidence, basis, findings, metadata } = complexity;
  const percent = Math.round(confidence * 100);
  const level = riskAssessment.level ?? t('unknown');
  const head =
    score === null
      ? t('**Complexity unknown**: no factor has data.')
      : t('**Complexity {0} of 10** · risk {1} · {2} % of the weights have data', score, level, percent);
  const { analysisTime } = metadata;
  const when = analysisTime === null ? t('Not kept.') : t('Kept {0}.', clockTime(analysisTime));
  const blocks = [
    `# ${namedTask(task)}`,
    head,
    factorList(complexity),
    ...section(t('What helps'), riskAssessment.mitigations.map(plain)),
    ...section(t('Findings'), findings.map(findingLine)),
    ...section(
      t('Technical debt'),
      riskAssessment.technicalDebt.map((debt) => `${debt.type}, ${debt.priority}: ${plain(debt.description)}`),
    ),
    ...section(
      t('Risks'),
      riskAssessment.factors.map((risk) => `${risk.priority}, ${risk.impact}: ${plain(risk.description)}`),
    ),
    ...section(t('Files'), basis.files.map(fileLine)),
    ...section(t('Finished tasks like it'), basis.similar.map(similarLine)),
    ...section(t('Notes'), basis.notes.map(plain)),
    `${plain(basis.formula)}. ${t('{0} files, imports of {1}, {2} commits.', basis.workspace.files, basis.workspace.scanned, basis.workspace.commits)} ${when}`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

function factorList({ basis }: Result): string {
  const { t } = vscode.l10n;
  const names: Readonly<Record<Factor, string>> = {
    codeVolume: t('Code volume'),
    dependencies: t('Dependencies'),
    technicalRisk: t('Technical risk'),
    historicalData: t('Experience'),
  };
  return basis.factors
    .map(({ factor, value, contribution, says }) => {
      const name = `**${names[factor]}**`;
      if (value === null || contribution === null) return `- ${name} ${t('dropped: {0}', plain(says))}`;
      const weight = basis.weights[factor].toFixed(2);
      return `- ${name} ${value.toFixed(2)} × ${weight} → **+${contribution.toFixed(2)}**: ${plain(says)}`;
    })
    .join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}\n\n${lines.map((line) => `- ${line}`).join('\n')}`];
}

function findingLine({ path, line, says, text }: Result['findings'][number]): string {
  return `${place(path, line)} ${plain(says)}${text === undefined ? '' : ` “${plain(text).replaceAll('`', "'")}”`}`;
}

function fileLine({
  path,
  from,
  lines,
  importedBy,
  commits,
  hotspot,
  tests,
}: Result['basis']['files'][number]): string {
  const { t } = vscode.l10n;
  const facts = [
    lines === null ? '' : t('{0} lines', lines),
    importedBy === null ? '' : t('imported by {0}', importedBy),
    commits === null ? '' : t('{0} commits', commits),
    hotspot === null ? '' : t('hotter than {0} % of the files', Math.floor(hotspot * 100)),
    tests === null ? '' : t('{0} tests', tests),
    { reference: '', description: t('named in the text'), similar: t('of a task like it') }[from],
  ];
  return [place(path), ...facts].filter((fact) => fact !== '').join(' · ');
}

function similarLine({ name, similarity, changedLines, ratio }: Result['basis']['similar'][number]): string {
  const { t } = vscode.l10n;
  return [
    t('{0}: {1} % alike', name, Math.round(similarity * 100)),
    changedLines === null ? '' : t('{0} lines changed', changedLines),
    ratio === null ? '' : t('took {0} × its estimate', ratio.toFixed(2)),
  ]
    .filter((fact) => fact !== '')
    .join(' · ');
}

function place(path: string, line?: number): string {
  return `\`${plain(path)}${line === undefined ? '' : `:${line}`}\``;
}
