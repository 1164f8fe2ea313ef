import type { ComplexityView } from '../../app/planning/complexity/complexityInputs.js';
import { counted } from '../../core/model/counted.js';
import { plain } from '../../core/model/plainText.js';
import type { Factor } from '../../core/planning/complexity/weights.js';
import type { Style } from '../terminal/style.js';

type Result = ComplexityView['complexity'];

const NAMES: Readonly<Record<Factor, string>> = {
  codeVolume: 'Code volume',
  dependencies: 'Dependencies',
  technicalRisk: 'Technical risk',
  historicalData: 'Experience',
};
const WIDTH = Math.max(...Object.values(NAMES).map((name) => name.length));
/** Files and commits that are told without being asked for more. */
const SHOWN = 15;

/** An analysis as lines of text: its score and factors, and on request everything that they are reckoned from. */
export function complexityLines(
  { task, complexity, stored }: ComplexityView,
  explain: boolean,
  style: Style,
): string[] {
  const { score, confidence, riskAssessment, basis } = complexity;
  const lines = [
    `${task.name}  ${plain(task.title)}`,
    score === null
      ? style.bold('Complexity unknown: no factor has data')
      : `${style.bold(`Complexity ${score} of 10`)} · risk ${riskAssessment.level ?? 'unknown'} · ${Math.round(confidence * 100)} % of the weights have data`,
    ...factorLines(complexity, style),
  ];
  if (!explain) {
    const { length } = complexity.findings;
    const more = length === 0 ? '' : `${counted(length, 'finding')}; --explain tells them`;
    return [...lines, ...basis.notes.map((note) => `Note: ${plain(note)}`), ...(more === '' ? [] : [style.dim(more)])];
  }
  return [
    ...lines,
    ...(complexity.estimatedLinesOfCode === null ? [] : [`Likely to change: ${complexity.estimatedLinesOfCode} lines`]),
    ...section('Files', fileLines(basis.files), style),
    ...section('Finished tasks like it', similarLines(basis.similar), style),
    ...section('Risks', riskAssessment.factors.map(riskLine), style),
    ...section('Findings', complexity.findings.map(findingLine), style),
    ...section('Technical debt', riskAssessment.technicalDebt.map(debtLine), style),
    ...section('What helps', riskAssessment.mitigations.map(plain), style),
    ...section('Imports', importLines(complexity.dependencies), style),
    '',
    `Basis: ${basis.formula}; weights from ${weightsFrom(basis.weightsFrom)}`,
    `       ${basis.workspace.files} files of ${basis.workspace.root === '.' ? 'the workspace' : plain(basis.workspace.root)}, imports of ${basis.workspace.scanned}, ${basis.workspace.commits} commits`,
    ...basis.notes.map((note) => `Note: ${plain(note)}`),
    ...(stored === 'not_kept' ? ['The result was not kept.'] : []),
  ];
}

function factorLines({ basis }: Result, style: Style): string[] {
  return basis.factors.map(({ factor, value, contribution, says }) => {
    const name = NAMES[factor].padEnd(WIDTH);
    if (value === null || contribution === null) return style.dim(`  ${name}     –        dropped: ${plain(says)}`);
    const weight = basis.weights[factor].toFixed(2);
    return `  ${name}  ${value.toFixed(2)} × ${weight} → +${contribution.toFixed(2)}  ${plain(says)}`;
  });
}

function section(title: string, lines: readonly string[], style: Style): string[] {
  return lines.length === 0 ? [] : ['', style.bold(title), ...lines.map((line) => `  ${line}`)];
}

function fileLines(files: Result['basis']['files']): string[] {
  const shown = files.slice(0, SHOWN).map(({ path, from, lines, importedBy, commits, hotspot, tests }) => {
    const facts = [
      lines === null ? '' : `${lines} lines`,
      importedBy === null ? '' : `imported by ${importedBy}`,
      commits === null ? '' : `${commits} commits`,
      hotspot === null ? '' : `hotter than ${Math.floor(hotspot * 100)} % of the files`,
      tests === null ? '' : counted(tests, 'test'),
      { reference: '', description: 'named in the text', similar: 'of a task like it' }[from],
    ];
    return [plain(path), ...facts].filter((fact) => fact !== '').join(' · ');
  });
  return files.length > SHOWN ? [...shown, `… ${files.length - SHOWN} more; --json gives them all`] : shown;
}

function similarLines(similar: Result['basis']['similar']): string[] {
  return similar.map(({ name, similarity, changedLines, ratio }) =>
    [
      `${name} ${Math.round(similarity * 100)} % alike`,
      changedLines === null ? '' : `${changedLines} lines changed`,
      ratio === null ? '' : `took ${ratio.toFixed(2)} × its estimate`,
    ]
      .filter((fact) => fact !== '')
      .join(' · '),
  );
}

function riskLine({ priority, impact, description }: Result['riskAssessment']['factors'][number]): string {
  return `${priority.padEnd(6)} ${impact.toFixed(2)}  ${plain(description)}`;
}

function findingLine({ path, line, says, text }: Result['findings'][number]): string {
  const place = line === undefined ? path : `${path}:${line}`;
  return `${plain(place)}  ${plain(says)}${text === undefined ? '' : `  “${plain(text)}”`}`;
}

function debtLine({ type, description, priority }: Result['riskAssessment']['technicalDebt'][number]): string {
  return `${priority.padEnd(6)} ${type}: ${plain(description)}`;
}

function importLines(imports: Result['dependencies']): string[] {
  const shown = imports
    .slice(0, SHOWN)
    .map(
      ({ path, external, strength }) =>
        `${plain(path)}${external ? ' (outside)' : ''}${strength > 1 ? ` · ${strength} files` : ''}`,
    );
  return imports.length > SHOWN ? [...shown, `… ${imports.length - SHOWN} more; --json gives them all`] : shown;
}

function weightsFrom(source: Result['basis']['weightsFrom']): string {
  return { defaults: 'the defaults', settings: 'the settings', environment: 'the environment' }[source];
}
