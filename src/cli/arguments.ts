import { InvalidInputError } from '../core/model/errors.js';

const AGENT_ID = '--agent-id';

/** What was typed, without what every command understands. */
export interface Arguments {
  readonly words: readonly string[];
  /** Who acts, in the place of `TM_AGENT_ID`. */
  readonly agent?: string;
}

/** Takes `--agent-id NAME` out, wherever it stands before a `--`. Throws INVALID_INPUT where the name is missing. */
export function readArguments(given: readonly string[]): Arguments {
  const words: string[] = [];
  let agent: string | undefined;
  for (let at = 0; at < given.length; at += 1) {
    const word = given[at] as string;
    if (word === '--') return { words: [...words, ...given.slice(at)], ...(agent !== undefined && { agent }) };
    if (word === AGENT_ID) {
      at += 1;
      agent = agentName(given[at]);
    } else if (word.startsWith(`${AGENT_ID}=`)) agent = agentName(word.slice(AGENT_ID.length + 1));
    else words.push(word);
  }
  return { words, ...(agent !== undefined && { agent }) };
}

function agentName(value: string | undefined): string {
  const name = value?.trim() ?? '';
  if (name === '' || name.startsWith('-'))
    throw new InvalidInputError('agent-id', '--agent-id requires a value: the name of the agent that acts.');
  return name;
}
