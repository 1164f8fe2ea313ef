/** Spaces, comments, quoted names and texts, words, and any other single character, as SQLite reads them. */
const TOKEN =
  /\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|`(?:[^`]|``)*(?:`|$)|\[[^\]]*(?:\]|$)|[\p{L}_][\p{L}\p{N}_$]*|[\s\S]/gu;
const BLANK = /^(?:\s|--|\/\*)/;

/**
 * Splits SQL into its statements, without the semicolons between them. A trigger's body ends with `END`, as in the rule of
 * SQLite's `sqlite3_complete()`. What is empty or only a comment is left out.
 */
export function sqlStatements(sql: string): string[] {
  const statements: string[] = [];
  let text = '';
  /** Words of the statement so far, as many as tell a trigger; then the last one. */
  let words: string[] = [];
  let last = '';
  const finish = () => {
    if (words.length > 0) statements.push(text.trim());
    text = '';
    words = [];
    last = '';
  };
  for (const [token] of sql.matchAll(TOKEN)) {
    if (token === ';' && !(isTrigger(words) && last !== 'END')) {
      finish();
      continue;
    }
    text += token;
    if (BLANK.test(token)) continue;
    // Within a trigger `END` ends it only right after a semicolon; that of a CASE does not.
    const word = token.toUpperCase();
    last = word === 'END' && last !== ';' ? 'end of a case' : word;
    if (words.length < 5) words.push(word);
  }
  finish();
  return statements;
}

function isTrigger(words: readonly string[]): boolean {
  const rest = words.filter((word) => !['EXPLAIN', 'QUERY', 'PLAN'].includes(word));
  return (
    rest[0] === 'CREATE' && (rest[1] === 'TRIGGER' || (/^TEMP(ORARY)?$/.test(rest[1] ?? '') && rest[2] === 'TRIGGER'))
  );
}
