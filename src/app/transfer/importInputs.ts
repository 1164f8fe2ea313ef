import * as z from 'zod';
import { type Input, type Output, schema } from '../input.js';
import { IMPORT_FORMATS } from './formats/formats.js';

export const importInput = schema(() =>
  z.object({
    format: z
      .enum(['auto', ...IMPORT_FORMATS])
      .default('auto')
      .describe('What the file is; auto finds out from its content'),
    map: z.array(z.string()).default([]).describe('Columns of a CSV file, such as title=Name'),
    headings: z.enum(['milestone', 'parent']).default('milestone').describe('What headings above checklists become'),
    source: z.string().trim().min(1).max(200).optional().describe('Name under which the tasks are known the next time'),
    prefer: z
      .enum(['here', 'file'])
      .default('here')
      .describe('Whose value counts where a field was changed here and in the file'),
    strict: z.boolean().default(false).describe('Refuse the import where anything could not be taken over as it is'),
    dryRun: z.boolean().default(false).describe('Only say what would be done'),
  }),
);

/** What an import did, and what it could not carry. */
export const importReport = schema(() =>
  z.object({
    format: z.string().describe('What the file is'),
    source: z.string().describe('Name under which its tasks are known the next time'),
    dryRun: z.boolean(),
    read: z.number().describe('Tasks in the file'),
    created: z.number(),
    updated: z.number(),
    unchanged: z.number(),
    deletedHere: z.number().describe('Tasks that were deleted here since they were imported: they stay deleted'),
    dependencies: z.number().describe('Dependencies that were added'),
    tasks: z.array(z.string()).describe('Ids of the tasks that were created or updated'),
    rows: z.record(z.string(), z.number()).optional().describe('Rows added to each table, by a lossless import'),
    conflicts: z
      .array(z.object({ task: z.string(), field: z.string() }))
      .describe('Fields that were changed here and in the file'),
    notes: z
      .array(
        z.object({
          field: z.string(),
          says: z.string().describe('What became of it'),
          count: z.number(),
          examples: z.array(z.string()).describe('Where, for the first few'),
        }),
      )
      .describe('What could not be taken over as it was'),
  }),
);

export type ImportInput = Input<typeof importInput>;
export type ImportOptions = Output<typeof importInput>;
export type ImportReport = Output<typeof importReport>;
