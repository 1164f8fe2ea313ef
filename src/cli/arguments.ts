import { InvalidInputError } from '../core/model/errors.js';

const WHEN = ['always', 'never', 'auto'] as const;

/** When the output is coloured; `auto`: on a terminal. */
export type Colours = (typeof WHEN)[number];

/** What was typed, without what every command understands. */
export interface Arguments {
  readonly words: readonly string[];
  /** Who acts, in the place of `TM_AGENT_ID`. */
  readonly agent?: string;
  readonly colours?: Colours;
  /** False where long output is printed at once. */
  readonly pager?: boolean;
}

/**
 * Takes `--agent-id NAME`, `--color WHEN`, `--no-color` and `--no-pager` out, wherever they stand before a `--`.
 * Throws INVALID_INPUT where a value is missing or cannot be.
 */
export function readArguments(given: readonly string[]): Arguments {
  const words: string[] = [];
  const taken: { agent?: string; colours?: Colours; pager?: boolean } = {};
  for (let at = 0; at < given.length; at += 1) {
    const word = given[at] as string;
    if (word === '--') return { words: [...words, ...given.slice(at)], ...taken };
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const name = equals === -1 ? word : word.slice(0, equals);
    const value = () => {
      if (equals !== -1) return word.slice(equals + 1);
      at += 1;
      return given[at];
    };
    if (name === '--agent-id') taken.agent = agentName(value());
    else if (name === '--color') taken.colours = coloursOf(value());
    else if (word === '--no-color') taken.colours = 'never';
    else if (word === '--no-pager') taken.pager = false;
    else words.push(word);
  }
  return { words, ...taken };
}

function agentName(value: string | undefined): string {
  const name = value?.trim() ?? '';
  if (name === '' || name.startsWith('-'))
    throw new InvalidInputError('agent-id', '--agent-id requires a value: the name of the agent that acts.');
  return name;
}

function coloursOf(value: string | undefined): Colours {
  const when = WHEN.find((one) => one === value);
  if (when) return when;
  throw new InvalidInputError('color', `--color ${value ?? ''}: write always, never or auto.`);
}
