import { describe, expect, test } from 'vitest';
import { netChanges, type Write } from '../../../src/core/review/netChange.js';

/** `bot: x → y`; what `me` or an actor in capitals did is accepted. */
function net(...steps: readonly string[]): string[] {
  const writes = steps.map((step, at): Write<string> => {
    const [, actor = '', before = '', after = ''] = /^(\w+): (\w+) → (\w+)$/.exec(step) ?? [];
    const accepted = actor === 'me' || actor === actor.toUpperCase();
    return { seq: at + 1, actor: actor.toLowerCase(), before, after, accepted };
  });
  return netChanges(writes).map(
    ({ actor, before, after, first, seq, again }) =>
      `${actor}: ${before} → ${after} (${first}-${seq})${again === undefined ? '' : `, then ${again}`}`,
  );
}

describe('what changes of one value come to', () => {
  test('several of one actor are one, from before to after', () => {
    expect(net('bot: a → b', 'bot: b → c')).toEqual(['bot: a → c (1-2)']);
  });

  test('those of others in between stay theirs, and who changed the value again is said', () => {
    expect(net('bot: a → b', 'cat: b → c', 'bot: c → d')).toEqual([
      'bot: a → b (1-1), then cat',
      'cat: b → c (2-2), then bot',
      'bot: c → d (3-3)',
    ]);
    expect(net('bot: a → b', 'me: b → c')).toEqual(['bot: a → b (1-1), then me']);
  });

  test('what was taken back, by whomever, is nothing', () => {
    expect(net('bot: a → b', 'bot: b → a')).toEqual([]);
    expect(net('bot: a → b', 'me: b → a')).toEqual([]);
    expect(net('bot: a → b', 'cat: b → c', 'me: c → a')).toEqual([]);
    expect(net('bot: a → b', 'cat: b → c', 'me: c → b')).toEqual(['bot: a → b (1-1)']);
  });

  test('it is there again when that is undone; who does it again does something new', () => {
    expect(net('bot: a → b', 'me: b → a', 'me: a → b')).toEqual(['bot: a → b (1-1)']);
    expect(net('bot: a → b', 'me: b → a', 'bot: a → b')).toEqual(['bot: a → b (3-3)']);
    expect(net('bot: a → b', 'bot: b → a', 'bot: a → b')).toEqual(['bot: a → b (3-3)']);
    expect(net('me: a → b', 'bot: b → a', 'me: a → b', 'me: b → a')).toEqual(['bot: b → a (2-2)']);
    expect(net('bot: a → b', 'me: b → a', 'bot: a → c')).toEqual(['bot: a → c (3-3)']);
  });

  test('what was accepted is what later changes are compared with', () => {
    expect(net('BOT: a → b', 'bot: b → c')).toEqual(['bot: b → c (2-2)']);
    // Who takes back what was accepted has changed it.
    expect(net('BOT: a → b', 'bot: b → a')).toEqual(['bot: b → a (2-2)']);
    expect(net('me: a → b', 'bot: b → a')).toEqual(['bot: b → a (2-2)']);
    // Also where it was accepted, taken back, and done again.
    expect(net('BOT: a → b', 'me: b → a', 'bot: a → b')).toEqual(['bot: a → b (3-3)']);
  });

  test('one’s own change of mind leaves nothing behind', () => {
    expect(net('bot: a → b', 'me: b → c', 'me: c → b')).toEqual(['bot: a → b (1-1)']);
  });
});
