import { PRIORITIES } from '../../core/model/priority.js';
import { STATUSES } from '../../core/model/status.js';
import { QUERY_KEYS, SORT_KEYS, STATUS_FILTERS } from '../../core/query/query.js';
import type { CommandReference, OptionReference, ValueReference } from './reference.js';
import { GLOBAL_OPTIONS } from './surroundings.js';

/** Something that can be typed next. */
export interface Candidate {
  readonly text: string;
  readonly says?: string;
}

/** What fits at the cursor: words that are known here, tasks, names of agents, or files. */
export interface Candidates {
  readonly words: readonly Candidate[];
  readonly from?: 'tasks' | 'people' | 'tags' | 'files';
}

const NOTHING: Candidates = { words: [] };

/** What fits after `words`, the last of which is being typed and may be empty. */
export function candidatesFor(commands: readonly CommandReference[], typed: readonly string[]): Candidates {
  const words = typed.slice(0, -1);
  const current = typed.at(-1) ?? '';
  const place = findCommand(commands, words);
  const { command, rest } = place;
  if (!command)
    return rest.length > 0 ? NOTHING : starting(current, [...commandWords(commands), ...globalOptions(current)]);
  if (command.name === 'help') return starting(current, commandWords(commands));
  const ended = rest.includes('--');
  const option = ended ? undefined : optionInNeed(command, rest);
  if (option?.value) return valuesOf(option.value, option.long, command, current);
  const equals = !ended && current.startsWith('--') ? current.indexOf('=') : -1;
  if (equals !== -1) return afterEquals(command, current, equals);
  if (current.startsWith('-') && !ended)
    return starting(current, [...optionWords(command, rest), ...globalOptions(current)]);
  const inner = commandWords(command.commands);
  if (inner.length > 0) return starting(current, inner);
  const argument = argumentAt(command, positionals(command, rest).length);
  return argument ? valuesOf(argument, undefined, command, current) : NOTHING;
}

/** The command that the words name, and the words after it. */
function findCommand(commands: readonly CommandReference[], words: readonly string[]) {
  let found: CommandReference | undefined;
  let among = commands;
  let rest = words;
  for (;;) {
    const [name] = rest;
    if (!found && name === 'help' && rest.length === 1) return { command: { ...HELP }, rest: [] };
    const next = among.find((one) => one.name === name || (name !== undefined && one.aliases.includes(name)));
    if (!next) return { command: found, rest };
    found = next;
    among = next.commands;
    rest = rest.slice(1);
  }
}

const HELP: CommandReference = {
  path: 'help',
  name: 'help',
  aliases: [],
  section: '',
  description: 'say what a command does',
  arguments: [],
  options: [],
  examples: [],
  commands: [],
};

/** The option before the cursor that still takes a value. */
function optionInNeed(command: CommandReference, rest: readonly string[]): OptionReference | undefined {
  for (let at = rest.length - 1; at >= 0; at -= 1) {
    const word = rest[at] as string;
    if (!word.startsWith('-') || word === '-') continue;
    if (word.includes('=')) return undefined;
    const option = named(command, word);
    const last = at === rest.length - 1;
    return option?.value && (last || (option.value.variadic && argumentAt(command, 0) === undefined))
      ? option
      : undefined;
  }
  return undefined;
}

function named({ options }: CommandReference, word: string): OptionReference | undefined {
  return [...options, AGENT].find(({ long, short }) => long === word || short === word);
}

const AGENT: OptionReference = {
  flags: '--agent-id <name>',
  long: '--agent-id',
  value: { name: 'name', required: true, variadic: false, description: '', choices: [] },
  description: '',
};

function afterEquals(command: CommandReference, current: string, equals: number): Candidates {
  const option = named(command, current.slice(0, equals));
  if (!option?.value) return NOTHING;
  const { words, from } = valuesOf(option.value, option.long, command, current.slice(equals + 1));
  const prefix = current.slice(0, equals + 1);
  return {
    words: words.map(({ text, says }) => ({ text: prefix + text, ...(says !== undefined && { says }) })),
    ...(from && { from }),
  };
}

/** The words after the command that are neither options nor their values. */
function positionals(command: CommandReference, rest: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at] as string;
    if (word === '--') return [...found, ...rest.slice(at + 1)];
    if (!word.startsWith('-') || word === '-') found.push(word);
    else if (!word.includes('=') && named(command, word)?.value) at += 1;
  }
  return found;
}

function argumentAt({ arguments: given }: CommandReference, at: number): ValueReference | undefined {
  const last = given.at(-1);
  return given[at] ?? (last?.variadic ? last : undefined);
}

/** What an option or argument takes, by its choices, else by what it is called. */
function valuesOf(
  { name, choices }: ValueReference,
  option: string | undefined,
  command: CommandReference,
  current: string,
): Candidates {
  if (choices.length > 0) return starting(current, plainWords(choices));
  const kind = option?.replace(/^--/, '') ?? name;
  if (/^(task|tasks|depends-on|parent|id|to-task|dependency)$/.test(name) || /^(depends-on|parent)$/.test(kind))
    return { words: [], from: 'tasks' };
  if (kind === 'status') return starting(current, plainWords(command.name === 'list' ? STATUS_FILTERS : STATUSES));
  if (kind === 'priority') return starting(current, plainWords(PRIORITIES));
  if (kind === 'sort') return starting(current, plainWords(SORT_KEYS));
  if (kind === 'query') return queryWords(current);
  if (/^(assignee|actor|agent|agent-id|who|to|from|by)$/.test(kind)) return { words: [], from: 'people' };
  if (kind === 'tag' || kind === 'tags') return { words: [], from: 'tags' };
  if (/file|path|place|folder|output|store|backup/.test(`${name} ${kind}`)) return { words: [], from: 'files' };
  return NOTHING;
}

/** Terms of the filter language. */
function queryWords(current: string): Candidates {
  const [, minus = '', key] = /^(-?)([a-z]+):/.exec(current) ?? [];
  const under = (values: readonly string[]) =>
    starting(current, plainWords(values.map((value) => `${minus}${key}:${value}`)));
  if (key === 'status') return under(STATUS_FILTERS);
  if (key === 'priority') return under(PRIORITIES);
  if (key === 'sort') return under(SORT_KEYS.flatMap((sort) => [sort, `-${sort}`]));
  return starting(
    current,
    plainWords([...QUERY_KEYS.filter((known) => known !== 'text'), 'sort'].map((one) => `${one}:`)),
  );
}

function commandWords(commands: readonly CommandReference[]): readonly Candidate[] {
  return commands.map(({ name, description }) => ({ text: name, says: description }));
}

/** Options that were not typed yet, or that may be typed again. */
function optionWords({ options }: CommandReference, rest: readonly string[]): readonly Candidate[] {
  return options
    .filter(({ long, short, value }) => value?.variadic || !(rest.includes(long ?? '') || rest.includes(short ?? '')))
    .flatMap(({ long, short, description }) => [{ text: long ?? short ?? '', says: description }]);
}

function globalOptions(current: string): readonly Candidate[] {
  if (!current.startsWith('-')) return [];
  return GLOBAL_OPTIONS.map(([flags, says]) => ({ text: /--[a-z-]+/.exec(flags)?.[0] ?? flags, says }));
}

function plainWords(words: readonly string[]): readonly Candidate[] {
  return words.map((text) => ({ text }));
}

function starting(current: string, words: readonly Candidate[]): Candidates {
  return { words: words.filter(({ text }) => text.startsWith(current)) };
}
