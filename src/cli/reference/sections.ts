/** By what a command is for; help, the man page and docs/cli.md follow this order. */
const SECTIONS: readonly (readonly [title: string, names: readonly string[]])[] = [
  ['Begin', ['init', 'wizard', 'template', 'import', 'migrate']],
  [
    'Tasks',
    [
      'add',
      'list',
      'show',
      'search',
      'update',
      'start',
      'stop',
      'complete',
      'block',
      'unblock',
      'cancel',
      'reopen',
      'delete',
      'trash',
      'archive',
      'unarchive',
    ],
  ],
  ['Choose what to do', ['ready', 'next', 'claim', 'renew', 'release', 'assign', 'overdue', 'progress']],
  [
    'Dependencies and places in the code',
    ['dep', 'ref', 'criteria', 'graph', 'blocked', 'impact', 'critical-path', 'copy', 'move'],
  ],
  ['Commits', ['link', 'unlink', 'commits', 'hook']],
  ['Plan', ['prd', 'expand', 'complexity', 'estimate', 'forecast']],
  ['Run code', ['exec', 'runs', 'execution']],
  [
    'Work together',
    [
      'join',
      'leave',
      'share',
      'note',
      'discover',
      'sync',
      'context',
      'participants',
      'watch',
      'notifications',
      'inbox',
      'messages',
      'message',
      'whoami',
      'agent',
      'agent-register',
      'agent-list',
      'agent-status',
      'agent-workload',
      'agent-metrics',
      'agent-message',
      'agent-messages',
      'agent-redistribute',
      'mcp',
    ],
  ],
  ['History', ['log', 'changes', 'review', 'undo', 'feedback', 'time', 'metrics', 'report', 'export']],
  [
    'Settings and automation',
    [
      'config',
      'hooks',
      'plugins',
      'plugin',
      'trust',
      'telemetry',
      'encryption',
      'encrypt',
      'access',
      'validate-orchestration',
      'fix-orchestration',
    ],
  ],
  ['The store', ['backup', 'restore', 'checkpoint', 'doctor', 'cleanup']],
  ['The command line itself', ['completion', 'man']],
];

/** For what no section names: commands of later versions and of plugins. */
const OTHERS = 'More';

export const SECTION_TITLES: readonly string[] = [...SECTIONS.map(([title]) => title), OTHERS];

export function sectionOf(command: string): string {
  return SECTIONS.find(([, names]) => names.includes(command))?.[0] ?? OTHERS;
}

/** The commands of each section that has any; within one in the order above. */
export function bySection<T extends { readonly name: string; readonly section: string }>(
  commands: readonly T[],
): readonly (readonly [title: string, commands: readonly T[]])[] {
  const place = (name: string) => SECTIONS.flatMap(([, names]) => names).indexOf(name);
  return SECTION_TITLES.map((title): readonly [string, readonly T[]] => [
    title,
    commands.filter(({ section }) => section === title).sort((a, b) => place(a.name) - place(b.name)),
  ]).filter(([, inIt]) => inIt.length > 0);
}
