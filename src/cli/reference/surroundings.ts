/** What every command understands, besides its own options. */
export const GLOBAL_OPTIONS: readonly (readonly [flags: string, says: string])[] = [
  ['--agent-id <name>', 'who acts, instead of TM_AGENT_ID'],
  ['--color <when>', 'always, never or auto: only on a terminal'],
  ['--no-color', 'the same as --color never'],
  ['--no-pager', 'print long output at once'],
  ['-h, --help', 'what a command does, its options and examples'],
  ['-V, --version', 'the version'],
];

export const ENVIRONMENT: readonly (readonly [name: string, says: string])[] = [
  ['TM_DB_PATH', 'the store: a .db file, or the folder that holds tasks.db'],
  ['TM_AGENT_ID', 'who acts; a person is called by git’s user.name'],
  ['TM_REQUEST_ID', 'names a change: repeated under the same name it is done once'],
  ['NO_COLOR', 'no colours, if it is not empty'],
  ['FORCE_COLOR', 'colours also where no terminal is, unless it is 0'],
  ['PAGER', 'shows what is longer than the screen; cat or empty: none'],
];

export const EXIT_CODES: readonly (readonly [code: string, says: string])[] = [
  ['0', 'done'],
  ['1', 'refused: the plan does not allow it'],
  ['2', 'usage: an unknown command or option, or a value that cannot be'],
  ['3', 'not found: no such task, or no store here'],
  ['4', 'conflict: somebody else holds the task'],
  ['5', 'the store cannot be read or written'],
];
