import { InvalidInputError } from './errors.js';

const LONGEST = 100;
/** Longest readable part of a file name. */
const LONGEST_SLUG = 60;

/** An agent's id or a person's name as it is kept. Throws INVALID_INPUT where it is empty, too long or not one line. */
export function checkAgentName(text: string): string {
  const name = text.trim();
  if (name === '') throw new InvalidInputError('agent', 'An agent needs a name.');
  if (name.length > LONGEST)
    throw new InvalidInputError('agent', `An agent's name has at most ${LONGEST} characters, this one ${name.length}.`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f]/.test(name))
    throw new InvalidInputError('agent', 'An agent’s name is one line without control characters.');
  return name;
}

/**
 * The name as a part of a file name, another one for each agent, also where case does not count: plain names are
 * themselves, the others are a readable rest with `fingerprint` of the name behind it. It never holds a separator.
 */
export function agentFileName(agent: string, fingerprint: (text: string) => string): string {
  if (/^[a-z0-9][a-z0-9_-]*$/.test(agent) && agent.length <= LONGEST_SLUG) return agent;
  const slug = agent
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, LONGEST_SLUG);
  return `${slug || 'agent'}~${fingerprint(agent)}`;
}
