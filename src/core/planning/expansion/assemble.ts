import type { Priority } from '../../model/priority.js';
import { cleanText, type ModelAnswer } from './answer.js';
import { type ExpansionParts, LONGEST, type Subtask } from './expandedTask.js';

/** Which kinds of items are wanted. */
export interface Wanted {
  readonly tests: boolean;
  readonly documentation: boolean;
  readonly implementation: boolean;
}

/**
 * An answer without problems as the parts of a proposal, with ids: `s1`, `t1`, `d1`; below a subtask `s1.1`. What was not
 * wanted is left out, whoever sent it.
 */
export function assemble(answer: ModelAnswer, wanted: Wanted, parent?: Subtask): ExpansionParts {
  const prefix = parent === undefined ? 's' : `${parent.id}.`;
  const ids = new Map(answer.subtasks.map(({ key }, at) => [key, `${prefix}${at + 1}`]));
  const idsOf = (keys: readonly string[]) => [...new Set(keys.map((key) => ids.get(key) ?? key))];
  const subtasks = answer.subtasks.map(
    ({ key, implementationHints, technicalNotes, ...item }): Subtask => ({
      id: ids.get(key) ?? key,
      ...(parent !== undefined && { parentId: parent.id }),
      ...heading(item),
      estimatedEffort: item.estimatedEffort,
      dependencies: idsOf(item.dependencies),
      type: item.type,
      requiredSkills: lines(item.requiredSkills),
      acceptanceCriteria: lines(item.acceptanceCriteria),
      ...(implementationHints && { implementationHints: long(implementationHints) }),
      ...(technicalNotes && { technicalNotes: long(technicalNotes) }),
    }),
  );
  return {
    subtasks,
    implementationSteps: wanted.implementation ? stepsOf(answer, parent) : [],
    testTasks: wanted.tests && parent === undefined ? testsOf(answer, idsOf) : [],
    documentationTasks: wanted.documentation && parent === undefined ? documentsOf(answer, idsOf) : [],
  };
}

function stepsOf({ implementationSteps }: ModelAnswer, parent?: Subtask): ExpansionParts['implementationSteps'] {
  return implementationSteps.map(
    ({ title, description, expectedOutcome, resources, validationCriteria, ...step }, at) => ({
      stepNumber: at + 1,
      ...(parent !== undefined && { subtaskId: parent.id }),
      title: short(title),
      description: long(description),
      expectedOutcome: long(expectedOutcome),
      dependencies: [...new Set(step.dependencies)],
      resources: lines(resources),
      timeEstimate: step.timeEstimate,
      riskLevel: step.riskLevel,
      validationCriteria: lines(validationCriteria),
    }),
  );
}

function testsOf(
  { testTasks }: ModelAnswer,
  idsOf: (keys: readonly string[]) => string[],
): ExpansionParts['testTasks'] {
  return testTasks.map(({ scenarios, targets, ...item }, at) => ({
    id: `t${at + 1}`,
    ...heading(item),
    type: item.type,
    scenarios: scenarios.map((scenario, index) => ({
      id: `t${at + 1}.${index + 1}`,
      description: long(scenario.description),
      steps: lines(scenario.steps),
      expectedResults: lines(scenario.expectedResults),
      ...(scenario.edgeCases.length > 0 && { edgeCases: lines(scenario.edgeCases) }),
      ...(scenario.testDataRequirements.length > 0 && { testDataRequirements: lines(scenario.testDataRequirements) }),
    })),
    targetSubtaskIds: idsOf(targets),
    estimatedEffort: item.estimatedEffort,
    ...(item.frameworkSuggestions.length > 0 && { frameworkSuggestions: lines(item.frameworkSuggestions) }),
    dependencies: idsOf(targets),
  }));
}

function documentsOf(
  { documentationTasks }: ModelAnswer,
  idsOf: (keys: readonly string[]) => string[],
): ExpansionParts['documentationTasks'] {
  return documentationTasks.map(({ sections, targets, ...item }, at) => ({
    id: `d${at + 1}`,
    ...heading(item),
    type: item.type,
    targetSubtaskIds: idsOf(targets),
    sections: sections.map((section) => ({
      title: short(section.title),
      contentOutline: lines(section.contentOutline),
      requiredElements: lines(section.requiredElements),
      targetAudience: line(section.targetAudience),
    })),
    estimatedEffort: item.estimatedEffort,
    dependencies: idsOf(targets),
  }));
}

function heading(item: { readonly title: string; readonly description: string; readonly priority: Priority }) {
  return { title: short(item.title), description: long(item.description), priority: item.priority };
}

function short(text: string): string {
  return cut(cleanText(text, 'one'), LONGEST.title);
}

function line(text: string): string {
  return cut(cleanText(text, 'one'), LONGEST.line);
}

function long(text: string): string {
  return cut(cleanText(text), LONGEST.text);
}

/** Without those that are empty. */
function lines(texts: readonly string[]): string[] {
  return texts.map(line).filter((text) => text !== '');
}

function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
}
