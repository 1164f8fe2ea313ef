/** Languages in which code can be run for a task, in the names of seed 002. */
export const CODE_LANGUAGES = ['python', 'javascript', 'typescript', 'bash', 'sql'] as const;

export type CodeLanguage = (typeof CODE_LANGUAGES)[number];

const OTHER_NAMES: Readonly<Record<string, CodeLanguage>> = {
  py: 'python',
  python3: 'python',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  node: 'javascript',
  javascriptreact: 'javascript',
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  sh: 'bash',
  shell: 'bash',
  shellscript: 'bash',
  sqlite: 'sql',
};

/** The language that a word means: its name, the end of a file's name, or what an editor calls it; undefined for others. */
export function languageOf(word: string): CodeLanguage | undefined {
  const name = word.toLowerCase();
  return (
    CODE_LANGUAGES.find((language) => language === name) ??
    (Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : undefined)
  );
}

/** The language of a file by the end of its name; undefined where that says nothing. */
export function languageOfFile(path: string): CodeLanguage | undefined {
  const end = /\.([a-z0-9]+)$/i.exec(path)?.[1];
  return end === undefined ? undefined : languageOf(end);
}
