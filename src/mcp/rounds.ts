import type { CreateMessageResult, ServerContext } from '@modelcontextprotocol/server';

const MOST_OPEN = 100;

/** What a person said yes to, or no: exactly this. */
export interface Consent {
  /** So many tasks may change at once; 0 where the answer was no. */
  readonly tasks?: number | undefined;
  /** What was approved, word for word. */
  readonly subject?: string | undefined;
}

/** What a client's model answered, by the question; null: nothing. */
export type ModelAnswers = Map<string, CreateMessageResult | null>;

/** What is known of a call that its client makes again, with the answer to what it was asked. */
export interface Round {
  /** What a person was asked about now. */
  readonly asked?: Consent | undefined;
  /** What a person decided in an earlier round. */
  readonly decided?: Consent | undefined;
  /** What the client's model was asked now. */
  readonly question?: string | undefined;
  /** What it answered in earlier rounds: it is not asked twice. */
  readonly answers: ModelAnswers;
}

/** Those that wait for an answer, by their names, which nobody can guess. */
const open = new Map<string, Round>();

/** Remembers a round; its name goes to the client, and comes back with the answer. */
export function keepRound(round: Round): string {
  const name = crypto.randomUUID();
  open.set(name, round);
  const [oldest] = open.keys();
  if (open.size > MOST_OPEN && oldest !== undefined) open.delete(oldest);
  return name;
}

/** The round that a call answers; undefined where it is the first, or nobody remembers. */
export function takeRound({ mcpReq }: ServerContext): Round | undefined {
  const name = mcpReq.requestState<string>();
  if (typeof name !== 'string') return undefined;
  const round = open.get(name);
  open.delete(name);
  return round;
}
