import { InvalidInputError } from './errors.js';

/** Priorities, most urgent first. */
export const PRIORITIES = ['critical', 'high', 'medium', 'low', 'background'] as const;

export type Priority = (typeof PRIORITIES)[number];

/** 4 for critical down to 0 for background (the numbers that the MCP tools use). */
export const PRIORITY_RANK: Readonly<Record<Priority, number>> = {
  critical: 4,
  high: 3,
  medium: 2,
  low: 1,
  background: 0,
};

const ALIASES: Readonly<Record<string, Priority>> = { urgent: 'critical', normal: 'medium' };

/** Reads a priority or one of its aliases (`urgent`, `normal`), in any case. Throws INVALID_INPUT otherwise. */
export function parsePriority(text: string): Priority {
  const name = text.trim().toLowerCase();
  const priority =
    PRIORITIES.find((candidate) => candidate === name) ?? (Object.hasOwn(ALIASES, name) && ALIASES[name]);
  if (!priority) {
    throw new InvalidInputError('priority', `Invalid priority: “${text}”. Use one of ${PRIORITIES.join(', ')}.`);
  }
  return priority;
}
