import * as z from 'zod';
import { VARIABLE_TYPES } from '../../core/templates/template.js';
import { type Input, type Output, schema } from '../input.js';
import { taskView } from '../tasks/taskView.js';

export const templateSummaryView = schema(() =>
  z.object({
    name: z.string(),
    version: z.string(),
    description: z.string(),
    tags: z.array(z.string()),
    file: z.string().describe('Where it stands: a path in the store’s folder, or shipped/…'),
    tasks: z.number().describe('How many tasks it makes, subtasks included'),
  }),
);

export const templateView = schema(() =>
  templateSummaryView().extend({
    variables: z.array(
      z.object({
        name: z.string(),
        type: z.enum(VARIABLE_TYPES),
        description: z.string().optional(),
        required: z.boolean(),
        default: z.json().optional(),
        choices: z.array(z.json()).optional(),
      }),
    ),
    titles: z.array(z.string()).describe('Of the tasks, with their placeholders'),
    warnings: z.array(z.string()),
  }),
);

export const templateListView = schema(() =>
  z.object({
    templates: z.array(templateSummaryView()),
    total: z.number(),
    truncated: z.boolean(),
    problems: z.array(z.string()).describe('Files that are no templates, and why'),
  }),
);

export const applyTemplateInput = schema(() =>
  z.object({
    template: z.string().describe('Its name'),
    variables: z
      .record(z.string(), z.json())
      .optional()
      .describe('Values of its variables; texts are read as their types'),
    dryRun: z.boolean().optional().describe('Only say what would be made'),
  }),
);

/** A task that would be made. */
export const plannedTaskView = schema(() =>
  z.object({
    title: z.string(),
    priority: z.string().optional(),
    status: z.string().optional(),
    assignee: z.string().optional(),
    tags: z.array(z.string()).optional(),
    estimatedHours: z.number().optional(),
    criteria: z.array(z.object({ criterion: z.string(), measurable: z.string().optional() })).optional(),
    parent: z.string().optional().describe('Title of the task that it is a part of'),
    dependsOn: z.array(z.string()).describe('Titles of tasks of the template, names of tasks of the store'),
  }),
);

export const appliedTemplateView = schema(() =>
  z.object({
    template: z.string(),
    version: z.string(),
    dryRun: z.boolean(),
    tasks: z.array(taskView()),
    planned: z.array(plannedTaskView()).optional(),
    total: z.number(),
  }),
);

export const createTemplateInput = schema(() =>
  z.object({
    name: z.string().describe('Small letters and digits with hyphens'),
    description: z.string().optional(),
    from: z.array(z.string()).min(1, 'name tasks, or a filter').describe('Tasks, or a filter'),
    subtasks: z.boolean().optional().describe('Take their subtasks too'),
    variables: z.record(z.string(), z.string()).optional().describe('Variables, each with the text that it replaces'),
    overwrite: z.boolean().optional(),
  }),
);

export type TemplateView = Output<typeof templateView>;
export type TemplateListView = Output<typeof templateListView>;
export type ApplyTemplateInput = Input<typeof applyTemplateInput>;
export type AppliedTemplateView = Output<typeof appliedTemplateView>;
export type PlannedTaskView = Output<typeof plannedTaskView>;
export type CreateTemplateInput = Input<typeof createTemplateInput>;
