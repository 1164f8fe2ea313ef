import { DESCRIPTION_LIMIT } from '../../model/task.js';
import type { DocumentationTask, ImplementationStep, Subtask, TestTask } from './expandedTask.js';

/** The description of the task that a subtask becomes. */
export function subtaskText(subtask: Subtask): string {
  const { description, implementationHints, technicalNotes, requiredSkills } = subtask;
  return fitted([
    description,
    implementationHints && `**Hints:** ${implementationHints}`,
    technicalNotes && `**Notes:** ${technicalNotes}`,
    requiredSkills.length > 0 && `**Skills:** ${requiredSkills.join(', ')}`,
  ]);
}

/** The description of the task that a test task becomes: its scenarios as a list. */
export function testText({ description, type, scenarios, frameworkSuggestions = [] }: TestTask): string {
  const one = ({
    description: says,
    steps,
    expectedResults,
    edgeCases = [],
    testDataRequirements = [],
  }: (typeof scenarios)[number]) =>
    [
      `- [ ] ${says}`,
      ...steps.map((step, at) => `  ${at + 1}. ${step}`),
      ...expectedResults.map((result) => `  - Expected: ${result}`),
      ...edgeCases.map((edge) => `  - Edge case: ${edge}`),
      ...testDataRequirements.map((data) => `  - Needs: ${data}`),
    ].join('\n');
  return fitted([
    description,
    `**Kind of test:** ${type}`,
    frameworkSuggestions.length > 0 && `**With:** ${frameworkSuggestions.join(', ')}`,
    ...scenarios.map(one),
  ]);
}

/** The description of the task that a documentation task becomes: its sections as an outline. */
export function documentText({ description, type, sections }: DocumentationTask): string {
  const one = ({ title, contentOutline, requiredElements, targetAudience }: (typeof sections)[number]) =>
    [
      `- [ ] ${title}${targetAudience === '' ? '' : ` (for ${targetAudience})`}`,
      ...contentOutline.map((line) => `  - ${line}`),
      ...requiredElements.map((element) => `  - Required: ${element}`),
    ].join('\n');
  return fitted([description, `**Kind of document:** ${type}`, ...sections.map(one)]);
}

/**
 * A description with the steps as a checklist at its end. Where that is too long, the steps are their titles only; undefined
 * where even these do not fit.
 */
export function withSteps(description: string | undefined, steps: readonly ImplementationStep[]): string | undefined {
  const list = (line: (step: ImplementationStep) => string) =>
    [...(description ? [description.trimEnd(), ''] : []), '## Implementation steps', '', ...steps.map(line)].join('\n');
  return [list(wholeStep), list(({ stepNumber, title }) => `- [ ] ${stepNumber}. ${title}`)].find(fits);
}

function wholeStep(step: ImplementationStep): string {
  const { stepNumber, title, description, expectedOutcome, dependencies, timeEstimate, riskLevel } = step;
  const notes = [
    dependencies.length > 0 && `after ${dependencies.join(', ')}`,
    timeEstimate !== null && `${timeEstimate} h`,
    riskLevel !== 'low' && `${riskLevel} risk`,
  ].filter((note) => note !== false);
  return [
    `- [ ] ${stepNumber}. ${title}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`,
    ...[
      description,
      expectedOutcome && `Outcome: ${expectedOutcome}`,
      ...step.validationCriteria.map((text) => `Check: ${text}`),
    ]
      .filter((text) => text !== '')
      .map((text) => `  - ${text.replace(/\n+/g, ' ')}`),
    ...step.resources.map((resource) => `  - See: ${resource}`),
  ].join('\n');
}

/** As many of the blocks as fit into a description. */
function fitted(blocks: readonly (string | false | undefined)[]): string {
  let text = '';
  for (const block of blocks) {
    if (!block) continue;
    const longer = text === '' ? block : `${text}\n\n${block}`;
    if (!fits(longer)) break;
    text = longer;
  }
  return text;
}

function fits(text: string): boolean {
  return [...text].length <= DESCRIPTION_LIMIT;
}
