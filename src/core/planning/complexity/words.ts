/** What words in a task's text hint at. */
export interface Hint {
  readonly name: string;
  readonly category: 'integration' | 'architecture' | 'performance';
}

/** Of each word that is found so much is added to the technical risk. */
export const HINT_RISK = 0.1;

const HINTS: readonly (Hint & { readonly words: RegExp })[] = [
  { name: 'integration', category: 'integration', words: /\b(?:integrat\w*|apis?)\b/i },
  { name: 'security', category: 'architecture', words: /\b(?:security|secure|auth\w*)\b/i },
  { name: 'performance', category: 'performance', words: /\b(?:performance|optimi[sz]\w*)\b/i },
];

export function hintsIn(text: string): readonly Hint[] {
  return HINTS.filter(({ words }) => words.test(text)).map(({ name, category }) => ({ name, category }));
}

/** How risky technologies are, 0 to 1, by their names in lower case: seed 002's table. Settings may add to it. */
export const TECHNOLOGY_RISKS: Readonly<Record<string, number>> = {
  typescript: 0.1,
  javascript: 0.1,
  python: 0.1,
  react: 0.2,
  vue: 0.2,
  angular: 0.3,
  'node.js': 0.15,
  express: 0.15,
  graphql: 0.35,
  docker: 0.25,
  kubernetes: 0.4,
  'machine-learning': 0.5,
  blockchain: 0.6,
  webassembly: 0.45,
  microservices: 0.3,
  serverless: 0.25,
};

/** So many words of a text are looked at for paths. */
const MOST_WORDS = 2000;

/** Words of a text that may be paths of files, each once, without a line number behind them. */
export function pathsIn(text: string): string[] {
  const words = text.match(/[\w@~+$()[\]\-./\\]+\.[A-Za-z]\w{0,9}\b/g) ?? [];
  const paths = words.slice(0, MOST_WORDS).map((word) => word.replaceAll('\\', '/').replace(/^(?:[([]|\.\/)+/, ''));
  return [...new Set(paths)].filter((path) => !path.startsWith('/') && !path.split('/').includes('..'));
}
