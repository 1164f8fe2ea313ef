/*
 * A hook of git with lines of ours in it. Texts hold one character a byte, so that what is not ours comes out as it went
 * in, whatever its encoding.
 */

const START = '# >>> Task Orchestrator >>>';
const END = '# <<< Task Orchestrator <<<';
const SHEBANG = '#!/bin/sh\n';
/** Says of a file that there was none before: without our lines it goes. */
const MADE = '# There was no file here before.';

/** How the lines start `tm`. */
export interface Launcher {
  /** A program and what it is given, where `tm` is not on the PATH; absent in files that other machines get too. */
  readonly program?: { readonly executable: string; readonly script: string };
}

/** What is behind the hook that another program made, when it is kept beside ours: `post-commit.before-tm`. */
export const KEPT_SUFFIX = '.before-tm';

/** The hooks of git that get lines: after a commit, and before its message is edited. */
export const HOOKS = ['post-commit', 'prepare-commit-msg'] as const;
export type HookName = (typeof HOOKS)[number];

/** What stands before `tm` is looked for, and what it is then given. */
const WORK: Readonly<Record<HookName, { readonly says: string; readonly before: string[]; readonly run: string }>> = {
  'post-commit': {
    says: 'Links each commit to the tasks that it names, in the background.',
    before: [
      '  commit=$(git rev-parse -q --verify HEAD) || exit 0',
      '  branch=$(git symbolic-ref -q --short HEAD) || branch=',
    ],
    run: '  "$@" commits sync "$commit^!" --branch "$branch" </dev/null >/dev/null 2>&1 &',
  },
  'prepare-commit-msg': {
    says: 'Adds “Task: T-12” to the message, by the branch or the task that you work on.',
    before: ['  case "$2" in merge|squash|commit) exit 0 ;; esac', '  message=$1'],
    run: '  "$@" commits trailer "$message" </dev/null >/dev/null 2>&1',
  },
};

/** The lines, for a shell: whatever comes of it, the commit goes on, and they say nothing. */
export function hookLines(hook: HookName, { program }: Launcher, extra: readonly string[] = []): string {
  const { says, before, run } = WORK[hook];
  const recorded = program
    ? [
        `  elif [ -x ${quoted(program.executable)} ] && [ -f ${quoted(program.script)} ]; then`,
        `    set -- env ELECTRON_RUN_AS_NODE=1 ${quoted(program.executable)} ${quoted(program.script)}`,
      ]
    : [];
  return asBytes(
    [
      START,
      `# ${says} “tm hook remove” takes these lines out.`,
      '(',
      ...before,
      '  if command -v tm >/dev/null 2>&1; then',
      '    set -- tm',
      ...recorded,
      '  else',
      '    exit 0',
      '  fi',
      run,
      ') || :',
      ...extra,
      END,
    ].join('\n'),
  );
}

/** True where two hooks differ at most in the program that is run where `tm` is not on the PATH. */
export function areAlike(one: string, other: string): boolean {
  const bare = (text: string) => text.replace(/\n {2}elif [^\n]*\n {4}set -- env [^\n]*/g, '');
  return bare(one) === bare(other);
}

/** A file with the lines alone, where there was none. */
export function newHook(hook: HookName, launcher: Launcher): string {
  return `${SHEBANG}${hookLines(hook, launcher, [MADE])}\n`;
}

/** A file with the lines, which then becomes the hook that is kept beside it: its input and its end are that hook's. */
export function wrappingHook(hook: HookName, launcher: Launcher): string {
  const kept = `"$0${KEPT_SUFFIX}"`;
  return `${SHEBANG}${hookLines(hook, launcher, [`if [ -x ${kept} ]; then exec ${kept} "$@"; fi`])}\n`;
}

/** True for what a POSIX shell runs; undefined text of another language must not get lines of a shell. */
export function isShellScript(text: string): boolean {
  return /^#![ \t]*\S*?(?:\/|env[ \t]+)(?:ba|da|a|k|z)?sh(?:[ \t][^\n]*)?(?:\n|$)/.test(text) && !text.includes('\0');
}

/** A shell's hook with the lines before all else: what is behind an `exit` would never run. */
export function withLines(text: string, lines: string): string {
  const end = text.startsWith('#!') ? lineEnd(text) : 0;
  return end === 0 ? `${lines}\n${text}` : `${text.slice(0, end)}\n${lines}${text.slice(end)}`;
}

/** The lines that are in a hook; `broken` where only a part of them is. */
export function linesIn(text: string): string | 'broken' | undefined {
  const start = text.indexOf(START);
  if (start < 0) return text.includes(END) ? 'broken' : undefined;
  const end = text.indexOf(END, start);
  if (end < 0 || text.indexOf(START, start + 1) >= 0) return 'broken';
  return text.slice(start, end + END.length);
}

/** The hook as it was before; undefined where there was none. Its `linesIn` must be whole. */
export function withoutLines(text: string): string | undefined {
  const lines = linesIn(text);
  if (lines === undefined || lines === 'broken') return text;
  const start = text.indexOf(lines);
  const rest = start === 0 ? text.slice(lines.length + 1) : text.slice(0, start - 1) + text.slice(start + lines.length);
  return rest === SHEBANG && lines.includes(`\n${MADE}\n`) ? undefined : rest;
}

/** True for the file that only leads to the hook beside it, as it was written. */
export function isWrapping(text: string): boolean {
  const lines = linesIn(text);
  return lines !== undefined && lines !== 'broken' && lines.includes(KEPT_SUFFIX);
}

/** True where a wrapping file is no more than that: somebody else's lines in it would be lost with it. */
export function isOnlyLines(text: string): boolean {
  return text === `${SHEBANG}${linesIn(text)}\n`;
}

function lineEnd(text: string): number {
  const end = text.indexOf('\n');
  return end < 0 ? text.length : end;
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}

/** A text in UTF-8, one character a byte. */
function asBytes(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
}
