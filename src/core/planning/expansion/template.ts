import type { Priority } from '../../model/priority.js';
import type { ModelAnswer } from './answer.js';

/** Part of the work of a template: what is put before the task's title, and what that means. */
interface TemplatePart {
  readonly title: string;
  readonly description: string;
  readonly type: ModelAnswer['subtasks'][number]['type'];
  readonly criterion: string;
}

interface ExpansionTemplate {
  readonly name: string;
  /** Words in the type of a task that it is for. */
  readonly types: RegExp;
  /** Each follows from the one before. */
  readonly parts: readonly TemplatePart[];
  /** The parts, by their places, that the test and the document are about; undefined: there is none. */
  readonly tests?: { readonly at: number; readonly title: string; readonly scenarios: readonly string[] };
  readonly document?: { readonly at: number; readonly title: string; readonly sections: readonly string[] };
}

const FEATURE: ExpansionTemplate = {
  name: 'feature',
  types: /feature|story|enhancement|task/,
  parts: [
    part(
      'Agree on what is wanted',
      'Write down what it does, for whom, and what it does not do.',
      'design',
      'Somebody else has read it and agrees',
    ),
    part(
      'Design',
      'Decide on data, interfaces and what happens when things go wrong.',
      'design',
      'The open questions have answers',
    ),
    part('Build', 'Write it, in small changes.', 'development', 'It does what was agreed on'),
    part(
      'Bring into use',
      'Settings, migration and the way back if it has to be taken out.',
      'deployment',
      'It is in use, and can be switched off',
    ),
  ],
  tests: {
    at: 2,
    title: 'Test',
    scenarios: ['It does what was agreed on', 'Wrong and missing input', 'The limits of sizes and numbers'],
  },
  document: { at: 2, title: 'Document', sections: ['What it is for', 'How it is used', 'What can go wrong'] },
};

const TEMPLATES: readonly ExpansionTemplate[] = [
  {
    name: 'bug',
    types: /bug|defect|fix|incident|hotfix|error/,
    parts: [
      part('Reproduce', 'Find the shortest way to see it, and write it down.', 'research', 'It happens every time'),
      part(
        'Find the cause',
        'Follow it to the place where it begins, not only where it shows.',
        'research',
        'The cause is named, with file and line',
      ),
      part('Mend', 'Change the cause, and look for the same mistake elsewhere.', 'development', 'It no longer happens'),
    ],
    tests: {
      at: 2,
      title: 'Guard against its return',
      scenarios: ['The way to reproduce it, as a test that failed before'],
    },
    document: {
      at: 2,
      title: 'Tell users',
      sections: ['What went wrong, since when, and from which version on it is mended'],
    },
  },
  {
    name: 'refactoring',
    types: /refactor|cleanup|clean-up|debt|chore|maintenance/,
    parts: [
      part(
        'Hold the present behaviour',
        'Have tests that fail if anything changes that should not.',
        'development',
        'The tests pass before the change',
      ),
      part(
        'Carry out in small steps',
        'One change at a time, each with passing tests.',
        'development',
        'Nothing changed that a user could see',
      ),
      part(
        'Remove what is left over',
        'Delete the old way, and what only served it.',
        'development',
        'Nothing refers to the old way',
      ),
    ],
    tests: {
      at: 1,
      title: 'Compare before and after',
      scenarios: ['The same input gives the same output', 'It is not slower'],
    },
    document: { at: 1, title: 'Describe the new shape', sections: ['What is where now, and why'] },
  },
  {
    name: 'research',
    types: /research|spike|investigation|analysis/,
    parts: [
      part(
        'Say which question is asked',
        'One question, and what would count as an answer.',
        'research',
        'The question is one sentence',
      ),
      part(
        'Gather what is known',
        'Sources, measurements, and what others did.',
        'research',
        'Each claim has its source',
      ),
      part('Try out', 'The smallest experiment that decides it.', 'research', 'It can be repeated'),
      part(
        'Decide',
        'The answer, what it rests on, and what follows from it.',
        'design',
        'The decision is written down',
      ),
    ],
    document: {
      at: 3,
      title: 'Write down the outcome',
      sections: ['Question', 'Answer and its grounds', 'What was not looked at'],
    },
  },
  {
    name: 'documentation',
    types: /doc|documentation|guide|manual/,
    parts: [
      part('Say who reads it', 'The readers, and what they want to do.', 'research', 'The readers are named'),
      part(
        'Outline',
        'The questions that it answers, in the order in which they come up.',
        'design',
        'Each question has a place',
      ),
      part('Write', 'With examples that were run.', 'development', 'Every example works as it stands'),
    ],
    tests: {
      at: 2,
      title: 'Have somebody follow it',
      scenarios: ['A reader who does not know it gets to the end without help'],
    },
  },
  {
    name: 'test',
    types: /test|qa|verification/,
    parts: [
      part(
        'List the cases',
        'What has to hold, and what may go wrong.',
        'design',
        'Limits and failures are among them',
      ),
      part(
        'Prepare the ground',
        'Data and surroundings that can be made again.',
        'configuration',
        'A fresh machine can do it',
      ),
      part(
        'Automate',
        'Each case as a test that can fail.',
        'development',
        'It fails when the behaviour is broken on purpose',
      ),
    ],
    document: { at: 2, title: 'Say how it is run', sections: ['How it is started', 'How a failure is read'] },
  },
  {
    name: 'deployment',
    types: /deploy|release|ops|infrastructure|configuration|migration/,
    parts: [
      part('Prepare', 'What has to be there first, and the way back.', 'configuration', 'The way back was tried'),
      part('Rehearse', 'The same, where nobody is hurt.', 'deployment', 'It went through without a hand'),
      part(
        'Carry out',
        'With somebody watching what users see.',
        'deployment',
        'It runs, and the measures are as before',
      ),
    ],
    tests: { at: 2, title: 'Check afterwards', scenarios: ['What users do most works', 'The way back works'] },
    document: { at: 2, title: 'Write the runbook', sections: ['Steps', 'Way back', 'Whom to call'] },
  },
  FEATURE,
];

/**
 * A plan from a fixed template, by the type of the task: no model has read the task, and no hours are known. The same task
 * gives the same plan. Returns the template's name too.
 */
export function fromTemplate(task: { readonly title: string; readonly type: string; readonly priority: Priority }): {
  readonly template: string;
  readonly answer: ModelAnswer;
} {
  const type = task.type.toLowerCase();
  const template = TEMPLATES.find(({ types }) => types.test(type)) ?? FEATURE;
  const { priority } = task;
  const about = (words: string) => `${words}: ${[...task.title].slice(0, 150).join('')}`;
  const subtasks = template.parts.map((one, at) => ({
    key: `${at + 1}`,
    title: about(one.title),
    description: one.description,
    estimatedEffort: null,
    priority,
    dependencies: at === 0 ? [] : [`${at}`],
    type: one.type,
    requiredSkills: [],
    acceptanceCriteria: [one.criterion],
    implementationHints: null,
    technicalNotes: null,
  }));
  const { tests, document } = template;
  const common = { description: '', priority, estimatedEffort: null };
  return {
    template: template.name,
    answer: {
      subtasks,
      // They would only say again what the subtasks say.
      implementationSteps: [],
      testTasks: tests
        ? [
            {
              ...common,
              title: about(tests.title),
              type: 'integration',
              targets: [`${tests.at + 1}`],
              frameworkSuggestions: [],
              scenarios: tests.scenarios.map((description) => ({
                description,
                steps: [],
                expectedResults: [],
                edgeCases: [],
                testDataRequirements: [],
              })),
            },
          ]
        : [],
      documentationTasks: document
        ? [
            {
              ...common,
              title: about(document.title),
              type: 'developer',
              targets: [`${document.at + 1}`],
              sections: document.sections.map((title) => ({
                title,
                contentOutline: [],
                requiredElements: [],
                targetAudience: '',
              })),
            },
          ]
        : [],
    },
  };
}

function part(title: string, description: string, type: TemplatePart['type'], criterion: string): TemplatePart {
  return { title, description, type, criterion };
}
