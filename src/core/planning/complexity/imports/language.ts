/** Languages whose imports are read. */
export type Language = 'javascript' | 'python' | 'go' | 'rust' | 'java' | 'c';

const EXTENSIONS: Readonly<Record<string, Language>> = {
  ...language('javascript', 'js jsx mjs cjs ts tsx mts cts vue svelte'),
  ...language('python', 'py pyi'),
  ...language('go', 'go'),
  ...language('rust', 'rs'),
  ...language('java', 'java kt'),
  ...language('c', 'c h cc cpp cxx hpp hh hxx m mm'),
};

/** The language of a file by its name; undefined for what is no source in one of them. */
export function languageOf(path: string): Language | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  const extension = name.slice(dot + 1).toLowerCase();
  return dot > 0 && Object.hasOwn(EXTENSIONS, extension) ? EXTENSIONS[extension] : undefined;
}

function language(name: Language, extensions: string): Record<string, Language> {
  return Object.fromEntries(extensions.split(' ').map((extension) => [extension, name]));
}

/** An import as it stands in a file. */
export interface RawImport {
  /** As written; of Rust and Java with `::` and `.` between its parts, of Python with leading dots. */
  readonly target: string;
  readonly kind: 'import' | 'require' | 'reference';
  /** From 1. */
  readonly line: number;
  /** Nothing of it is there when the program runs. */
  readonly typeOnly?: boolean;
  /** What is taken from the target: Python's `from target import names`. */
  readonly names?: readonly string[];
}

/** Line numbers of offsets in a text, asked for in rising order. */
export function lineCounter(text: string): (offset: number) => number {
  let line = 1;
  let at = 0;
  return (offset) => {
    for (; at < offset; at += 1) if (text.charCodeAt(at) === 10) line += 1;
    return line;
  };
}
