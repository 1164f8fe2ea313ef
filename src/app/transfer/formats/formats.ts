/** What can be imported. `tm` is a lossless export, or a store of this tool or of tm 2.x. */
export const IMPORT_FORMATS = [
  'csv',
  'json',
  'jsonl',
  'markdown',
  'tm',
  'beads',
  'taskmaster',
  'backlog',
  'taskwarrior',
  'seed002',
] as const;

export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** Formats whose ids mean the same wherever the file lies; ids of the others count within their file only. */
export const GLOBAL_IDS: ReadonlySet<ImportFormat> = new Set(['tm', 'json', 'jsonl', 'beads', 'taskwarrior']);
