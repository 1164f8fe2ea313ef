import { scryptSync, webcrypto } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SealKey } from '../../../src/core/sealing/cipher.js';
import { openToken, parseToken, sealToken, type Token } from '../../../src/core/sealing/token.js';
import { aesCipher, randomKey } from '../../../src/platform/cipher.js';

const SEED = 20261121;
const raw = { kdf: 'raw' } as const;
const keyOf = (text: string) => aesCipher(() => text).key(raw) as SealKey;
const place = fc.record({
  row: fc.stringMatching(/^[0-9a-f]{8}(\/[0-9a-f]{8})?$/),
  field: fc.stringMatching(/^[a-z_+]{1,20}$/),
});
const text = fc.string({ unit: 'binary', maxLength: 400 });

describe('an encrypted text', () => {
  test('is opened by its key in its place', () => {
    const key = keyOf(randomKey());
    fc.assert(
      fc.property(text, place, (plain, where) => {
        const token = parseToken(sealToken(key, plain, where)) as Token;
        expect(token).toMatchObject(where);
        expect(openToken(key, token)).toBe(plain);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  test('is opened by no other key, in no other place and after no change', () => {
    const [key, other] = [keyOf(randomKey()), keyOf(randomKey())];
    fc.assert(
      fc.property(
        text,
        place,
        place,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (plain, where, elsewhere, at, flip) => {
          const token = parseToken(sealToken(key, plain, where)) as Token;
          expect(openToken(other, token)).toBeUndefined();
          if (where.row !== elsewhere.row || where.field !== elsewhere.field)
            expect(openToken(key, { ...token, ...elsewhere })).toBeUndefined();
          const bytes = Buffer.from(token.sealed, 'base64url');
          bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ flip;
          expect(openToken(key, { ...token, sealed: bytes.toString('base64url') })).toBeUndefined();
          expect(openToken(key, { ...token, sealed: token.sealed.slice(0, -1) })).toBeUndefined();
        },
      ),
      { seed: SEED, numRuns: 300 },
    );
  });

  test('differs each time', () => {
    const key = keyOf(randomKey());
    const tokens = Array.from({ length: 50 }, () => key.seal('the same', 'a'));
    expect(new Set(tokens.map((token) => token.slice(0, 16))).size).toBe(50);
  });

  test('is AES-256-GCM as others know it: nonce, ciphertext, tag, with its place as additional data', async () => {
    const given = randomKey();
    const token = parseToken(sealToken(keyOf(given), 'Grüße', { row: '1a2b3c4d', field: 'description' })) as Token;
    const bytes = Buffer.from(token.sealed, 'base64url');
    const key = await webcrypto.subtle.importKey('raw', Buffer.from(given, 'base64'), 'AES-GCM', false, [
      'decrypt',
      'encrypt',
    ]);
    const parameters = (iv: Uint8Array<ArrayBuffer>) => ({
      name: 'AES-GCM',
      iv,
      additionalData: Buffer.from('enc:v1:1a2b3c4d:description'),
    });
    const opened = await webcrypto.subtle.decrypt(
      parameters(new Uint8Array(bytes.subarray(0, 12))),
      key,
      bytes.subarray(12),
    );
    expect(Buffer.from(opened).toString()).toBe('Grüße');
    const iv = new Uint8Array(12).fill(7);
    const sealed = await webcrypto.subtle.encrypt(parameters(iv), key, Buffer.from('from elsewhere'));
    const foreign = { ...token, sealed: Buffer.concat([iv, Buffer.from(sealed)]).toString('base64url') };
    expect(openToken(keyOf(given), foreign)).toBe('from elsewhere');
  });

  test('opens a known answer: test case 14 of the GCM specification', () => {
    const zero = keyOf(Buffer.alloc(32).toString('base64'));
    const sealed = Buffer.from(
      `${'00'.repeat(12)}cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919`,
      'hex',
    );
    expect(zero.open(sealed.toString('base64url'), '')).toBe('\0'.repeat(16));
  });
});

describe('a key', () => {
  test('is 32 bytes in base64, or made of a passphrase by scrypt with a salt of its own', () => {
    const cipher = aesCipher(() => 'a passphrase of words');
    const [one, two] = [cipher.newParameters(), cipher.newParameters()];
    expect(one).toMatchObject({ kdf: 'scrypt', n: 32768, r: 8, p: 1 });
    expect(one).not.toEqual(two);
    if (one?.kdf !== 'scrypt') throw new Error('no scrypt');
    const sealed = (cipher.key(one) as SealKey).seal('text', 'a');
    const bytes = scryptSync('a passphrase of words', Buffer.from(one.salt, 'base64url'), 32, {
      N: 32768,
      r: 8,
      p: 1,
      maxmem: 2 ** 27,
    });
    expect(keyOf(bytes.toString('base64')).open(sealed, 'a')).toBe('text');
    expect(keyOf(bytes.toString('base64url')).open(sealed, 'a')).toBe('text');
    expect(aesCipher(() => randomKey()).newParameters()).toEqual(raw);
  });

  test('is missing where none was given, and another where it does not fit', () => {
    const none = aesCipher(() => undefined);
    expect([none.key(raw), none.newParameters()]).toEqual([undefined, undefined]);
    const sealed = keyOf(randomKey()).seal('text', 'a');
    expect(
      aesCipher(() => 'not 32 bytes')
        .key(raw)
        ?.open(sealed, 'a'),
    ).toBeUndefined();
  });
});
