import { OrchestratorError } from '../../core/model/errors.js';
import type { Cipher, KeyName, KeyParameters, SealKey } from '../../core/sealing/cipher.js';
import { openToken, parseToken, type SealedPlace, sealToken, type Token } from '../../core/sealing/token.js';

/** Key of `meta` under which a store says how its texts are encrypted. */
export const ENCRYPTION_META = 'encryption';

/** What stands there: how the key is made, and a text by which the right one is told from others. */
export interface EncryptionState {
  readonly version: 1;
  readonly key: KeyParameters;
  readonly check: string;
}

/** `off`: the store is not encrypted. */
export type VaultState = 'off' | 'open' | 'no key' | 'wrong key';

const CHECK = { row: '', field: 'check' };
const CHECKED_TEXT = 'task-orchestrator';

/** What a locked or damaged text is shown as. */
export const HIDDEN = {
  'no key': '(encrypted; set TM_ENCRYPTION_KEY)',
  'wrong key': '(encrypted; TM_ENCRYPTION_KEY is not its key)',
  damaged: '(encrypted, and damaged: it cannot be read)',
} as const;

/** The texts of a store that are encrypted, if any are. The key is made when the first one is met. */
export class Vault {
  #cipher: Cipher | undefined;
  #meta: string | undefined;
  #opened: { readonly key: SealKey | undefined; readonly state: VaultState } | undefined;

  /** From now on with the keys of this cipher. */
  use(cipher: Cipher | undefined): void {
    this.#cipher = cipher;
    this.#opened = undefined;
  }

  /** What the store says of itself, as it stands in `meta`. */
  configure(meta: string | undefined): void {
    if (meta === this.#meta) return;
    this.#meta = meta;
    this.#opened = undefined;
  }

  get isOn(): boolean {
    return this.#meta !== undefined;
  }

  get state(): VaultState {
    return this.#open().state;
  }

  /** The text of a token; undefined where it cannot be read. */
  read(token: Token): string | undefined {
    const { key } = this.#open();
    return key && openToken(key, token);
  }

  /** The token of a text. Throws PERMISSION_DENIED without the right key. */
  seal(text: string, place: SealedPlace): string {
    return sealToken(this.requireKey(), text, place);
  }

  /** Throws PERMISSION_DENIED, saying what to do, without the right key. */
  requireKey(): SealKey {
    const { key, state } = this.#open();
    if (key) return key;
    throw new OrchestratorError(
      'PERMISSION_DENIED',
      state === 'wrong key'
        ? 'TM_ENCRYPTION_KEY is not the key of this store: it fits none of its texts. Nothing was changed; set the right one.'
        : 'Descriptions, notes and contexts are encrypted in this store, and there is no key. Nothing was changed; set TM_ENCRYPTION_KEY.',
      { encryption: state },
    );
  }

  #open() {
    this.#opened ??= this.#unlock();
    return this.#opened;
  }

  #unlock(): { key: SealKey | undefined; state: VaultState } {
    if (this.#meta === undefined) return { key: undefined, state: 'off' };
    const { key: parameters, check } = JSON.parse(this.#meta) as EncryptionState;
    const key = this.#cipher?.key(parameters);
    if (!key) return { key: undefined, state: 'no key' };
    return isKeyOf(key, check) ? { key, state: 'open' } : { key: undefined, state: 'wrong key' };
  }
}

/** A key for a store that has none yet, with what its `meta` is to say; undefined where none was given. */
export function newKey(cipher: Cipher | undefined, name: KeyName): { key: SealKey; meta: string } | undefined {
  const parameters = cipher?.newParameters(name);
  const key = parameters && cipher?.key(parameters, name);
  if (!key) return undefined;
  const state: EncryptionState = { version: 1, key: parameters, check: sealToken(key, CHECKED_TEXT, CHECK) };
  return { key, meta: JSON.stringify(state) };
}

function isKeyOf(key: SealKey, check: string): boolean {
  const token = parseToken(check);
  return token !== undefined && openToken(key, token) === CHECKED_TEXT;
}
