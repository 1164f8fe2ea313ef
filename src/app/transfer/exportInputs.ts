import * as z from 'zod';
import { type Input, type Output, schema } from '../input.js';

export const EXPORT_FORMATS = ['json', 'jsonl', 'csv', 'tsv', 'markdown'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const exportInput = schema(() =>
  z.object({
    format: z.enum(EXPORT_FORMATS).default('json').describe('What is written'),
    query: z.string().default('').describe('Only the tasks that this filter admits; empty: all'),
    lossless: z
      .boolean()
      .default(false)
      .describe('Every row that belongs to the tasks, so that importing it gives the same store'),
  }),
);

/** What was written. */
export const exportView = schema(() =>
  z.object({
    format: z.enum(EXPORT_FORMATS),
    tasks: z.number(),
    lossless: z.boolean(),
    path: z.string().optional().describe('The file; absent: standard output'),
  }),
);

export type ExportInput = Input<typeof exportInput>;
export type ExportView = Output<typeof exportView>;
