/** Where something stands in a template: `tasks`, 0, `title`. */
export type TemplatePath = readonly (string | number)[];

/** What a variable can be. */
export type TemplateValue = string | number | boolean | readonly TemplateValue[];

export const VARIABLE_TYPES = ['string', 'number', 'boolean', 'array'] as const;

export type VariableType = (typeof VARIABLE_TYPES)[number];

export interface TemplateVariable {
  readonly type: VariableType;
  readonly description?: string | undefined;
  readonly required: boolean;
  readonly default?: TemplateValue | undefined;
  readonly validation?:
    | {
        /** Has to match from the beginning on. */
        readonly pattern?: string | undefined;
        /** Of a number; of the length of a text or list. */
        readonly min?: number | undefined;
        readonly max?: number | undefined;
        readonly enum?: readonly TemplateValue[] | undefined;
      }
    | undefined;
}

/** A task as a template has it: texts may hold `{{expressions}}`. */
export interface TemplateTask {
  /** How other tasks of the template call it. */
  readonly id?: string | undefined;
  readonly title: string;
  readonly description?: string | undefined;
  readonly priority?: string | undefined;
  readonly status?: string | undefined;
  readonly type?: string | undefined;
  readonly assignee?: string | undefined;
  readonly tags?: string | readonly string[] | undefined;
  readonly estimated_hours?: number | string | undefined;
  readonly due?: string | undefined;
  readonly not_before?: string | undefined;
  readonly project?: string | undefined;
  readonly milestone?: string | undefined;
  readonly context?: string | undefined;
  readonly files?: string | readonly string[] | undefined;
  readonly criteria?:
    | readonly (string | { readonly criterion: string; readonly measurable?: string | number | boolean | undefined })[]
    | undefined;
  /** Positions in the list that it stands in, ids or titles of tasks of the template, or tasks of the store. */
  readonly depends_on?: number | string | readonly (number | string)[] | undefined;
  readonly subtasks?: readonly TemplateTask[] | undefined;
}

export interface Template {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly variables: Readonly<Record<string, TemplateVariable>>;
  readonly tasks: readonly TemplateTask[];
  /** The same as `depends_on`, by position: `{"1": [0]}` makes the second task wait for the first. */
  readonly dependencies: Readonly<Record<string, readonly number[]>>;
}

/** Something is wrong at a place of a template, or with the value of a variable. */
export class TemplateProblem extends Error {
  readonly path: TemplatePath;

  constructor(path: TemplatePath, message: string) {
    super(message);
    this.name = 'TemplateProblem';
    this.path = path;
  }
}

/** `tasks[0].title`. */
export function pathText(path: TemplatePath): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}
