/** How a store's key is made from what a person gives: it is that (32 bytes), or scrypt makes it from a passphrase. */
export type KeyParameters =
  | { readonly kdf: 'raw' }
  | {
      readonly kdf: 'scrypt';
      /** Base64url. */
      readonly salt: string;
      readonly n: number;
      readonly r: number;
      readonly p: number;
    };

/** The key in use, or the one that is to take its place. */
export type KeyName = 'current' | 'next';

/** A key that texts are encrypted with. */
export interface SealKey {
  /** The ciphertext, in base64url, different each time; `context` is what it is bound to. */
  seal(text: string, context: string): string;
  /** The text; undefined where the key or the context is another one, or the ciphertext was changed. */
  open(sealed: string, context: string): string | undefined;
}

/** Makes keys of what people gave: an environment variable, a keychain. */
export interface Cipher {
  /** Undefined where no key was given. */
  key(parameters: KeyParameters, name?: KeyName): SealKey | undefined;
  /** How a key is to be made for a store that has none yet; undefined where none was given. */
  newParameters(name?: KeyName): KeyParameters | undefined;
}
