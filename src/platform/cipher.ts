import type { Cipher, KeyName, KeyParameters, SealKey } from '../core/sealing/cipher.js';

/** Bytes, as NIST SP 800-38D recommends for random nonces and full tags. */
const NONCE = 12;
const TAG = 16;
const KEY = 32;
/** scrypt as OWASP recommends it for N = 2^15: 32 MB and some 60 ms for each process that meets an encrypted text. */
const SCRYPT = { n: 32768, r: 8, p: 1 };

/** Gives what a person set as a key; undefined where nothing is. */
export type KeySource = (name: KeyName) => string | undefined;

/** Keys of the environment: `TM_ENCRYPTION_KEY`, and `TM_ENCRYPTION_KEY_NEW` for the one that takes its place. */
export const environmentKeys: KeySource = (name) =>
  (name === 'current' ? process.env.TM_ENCRYPTION_KEY : process.env.TM_ENCRYPTION_KEY_NEW)?.trim() || undefined;

/** AES-256-GCM with keys of 32 bytes, given in base64 or made from a passphrase. */
export function aesCipher(source: KeySource): Cipher {
  return {
    key: (parameters, name = 'current') => {
      const given = source(name);
      return given === undefined ? undefined : aesKey(derive(given, parameters));
    },
    newParameters: (name = 'current') => {
      const given = source(name);
      if (given === undefined) return undefined;
      if (rawKey(given)) return { kdf: 'raw' };
      return { kdf: 'scrypt', salt: crypto().randomBytes(16).toString('base64url'), ...SCRYPT };
    },
  };
}

/** A key that nobody can guess, as it is set. */
export function randomKey(): string {
  return crypto().randomBytes(KEY).toString('base64');
}

function derive(given: string, parameters: KeyParameters): Buffer {
  const { scryptSync, createHash } = crypto();
  if (parameters.kdf === 'scrypt') {
    const { salt, n, r, p } = parameters;
    return scryptSync(given, Buffer.from(salt, 'base64url'), KEY, { N: n, r, p, maxmem: 256 * n * r });
  }
  // What is no key of 32 bytes cannot be the store's: any key does to find that out.
  return rawKey(given) ?? createHash('sha256').update(given).digest();
}

/** The 32 bytes that the text is in base64; undefined where it is a passphrase. */
function rawKey(given: string): Buffer | undefined {
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(given)
    ? Buffer.from(given.replaceAll('-', '+').replaceAll('_', '/'), 'base64')
    : undefined;
}

function aesKey(key: Buffer): SealKey {
  return {
    seal(text, context) {
      const { createCipheriv, randomBytes } = crypto();
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.setAAD(Buffer.from(context, 'utf8'));
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return sealed.toString('base64url');
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed, 'base64url');
      // Base64 has several ways to write the same bytes: only the one that was written counts.
      if (bytes.length < NONCE + TAG || bytes.toString('base64url') !== sealed) return undefined;
      const decipher = crypto().createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), { authTagLength: TAG });
      decipher.setAAD(Buffer.from(context, 'utf8'));
      decipher.setAuthTag(bytes.subarray(-TAG));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}

/** Loaded for encrypted stores only. */
function crypto() {
  return process.getBuiltinModule('node:crypto');
}
