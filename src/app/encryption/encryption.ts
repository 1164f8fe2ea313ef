import * as z from 'zod';
import { NotFoundError, OrchestratorError } from '../../core/model/errors.js';
import type { KeyName } from '../../core/sealing/cipher.js';
import { parseToken, sealToken, type Token } from '../../core/sealing/token.js';
import { deleteBackups, listBackups } from '../../store/backups.js';
import { metaValue, setMetaValue } from '../../store/image.js';
import { rewriteStore } from '../../store/maintenance.js';
import { type Rewriting, rewriteTexts } from '../../store/sealing/rewrite.js';
import { damaged, SEALED_FIELDS, SEALED_TABLES, sealedColumns } from '../../store/sealing/sealedRows.js';
import { ENCRYPTION_META, newKey, Vault } from '../../store/sealing/vault.js';
import type { Store, StoreOptions } from '../../store/store.js';
import { type Output, schema } from '../input.js';
import type { World } from '../ports.js';

export const encryptionStatus = schema(() =>
  z.object({
    encrypted: z.boolean(),
    key: z.enum(['none', 'right', 'wrong']).describe('Whether TM_ENCRYPTION_KEY opens this store'),
    derivation: z.enum(['raw', 'scrypt']).optional().describe('How the key is made from what is given'),
    sealed: z.number().describe('Encrypted texts'),
    readable: z.number().describe('Texts that are not: written by other programs since'),
    damaged: z.array(z.string()).describe('Encrypted texts that the right key does not open'),
    backups: z.number().describe('Backups beside the store, which may hold readable texts'),
    files: z.array(z.string()).describe('Files of contexts and notes beside the store, which are readable'),
  }),
);

export const encryptionChange = schema(() =>
  z.object({
    tasks: z.number().describe('Tasks whose texts were rewritten'),
    notes: z.number().describe('Notes, messages and remarks'),
    history: z.number().describe('Entries of the history and of the trash'),
    backups: z.array(z.string()).describe('Names of backups from before, which hold what they held'),
    deleted: z.number().describe('How many of those were deleted'),
    files: z.array(z.string()).describe('Files of contexts and notes beside the store, which are readable'),
  }),
);

export type EncryptionStatus = Output<typeof encryptionStatus>;
export type EncryptionChange = Output<typeof encryptionChange>;

interface Cleaning {
  /** Delete the backups that were made before. */
  readonly deleteBackups?: boolean;
}

/** Folders beside the store whose files repeat texts of it. */
const FOLDERS = ['contexts', 'notes'];

/** Encrypting the texts of a store, and changing or dropping its key: each for the whole store at once, or not at all. */
export class Encryption {
  readonly #options: StoreOptions;
  readonly #world: World;

  constructor(options: StoreOptions, world: World) {
    this.#options = options;
    this.#world = world;
  }

  /** What is encrypted and whether the key is there. Writes nothing. */
  status(store: Store): EncryptionStatus {
    const { vault } = store;
    const meta = store.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', [ENCRYPTION_META])?.value;
    const { key } = meta === undefined ? {} : (JSON.parse(meta) as { key: { kdf: 'raw' | 'scrypt' } });
    const { tokens, readable } = texts(store);
    const isOpen = vault.state === 'open';
    return {
      encrypted: vault.isOn,
      key: isOpen ? 'right' : vault.state === 'wrong key' ? 'wrong' : 'none',
      ...(key && { derivation: key.kdf }),
      sealed: tokens.length,
      readable,
      damaged: isOpen ? tokens.filter((token) => vault.read(token) === undefined).map(nameOf) : [],
      backups: listBackups(this.#options.path).length,
      files: this.#files(),
    };
  }

  /**
   * Encrypts every text, also in the history and in the trash; in a store that is encrypted already, those that other
   * programs wrote since. Throws PERMISSION_DENIED without a key, or with another than the store's.
   */
  enable(cleaning: Cleaning = {}): Promise<EncryptionChange> {
    return this.#rewrite('store.encrypt', cleaning, (vault) => {
      if (vault.isOn) return { seal: (text, place) => sealToken(vault.requireKey(), text, place) };
      return this.#newKey('current');
    });
  }

  /** Encrypts every text with the new key in the place of the old. Throws PERMISSION_DENIED where one of them is missing. */
  rotate(cleaning: Cleaning = {}): Promise<EncryptionChange> {
    return this.#rewrite('store.rotate_key', cleaning, (vault) => {
      requireOn(vault);
      return this.#newKey('next');
    });
  }

  /** Makes every text readable again. Throws PERMISSION_DENIED without the key. */
  disable(cleaning: Cleaning = {}): Promise<EncryptionChange> {
    return this.#rewrite('store.decrypt', cleaning, (vault) => {
      requireOn(vault);
      return { seal: undefined, meta: null };
    });
  }

  /** `meta` null removes it, undefined leaves it. */
  async #rewrite(
    action: string,
    cleaning: Cleaning,
    make: (vault: Vault) => Pick<Rewriting, 'seal'> & { readonly meta?: string | null },
  ): Promise<EncryptionChange> {
    const { path } = this.#options;
    const before = listBackups(path).map((one) => one.name);
    const actor = this.#world.actor();
    const counts = await rewriteStore(this.#options, { actor, action }, (database) => {
      const vault = new Vault();
      vault.use(this.#world.cipher);
      vault.configure(metaValue(database, ENCRYPTION_META));
      if (vault.isOn) vault.requireKey();
      const { seal, meta } = make(vault);
      const open = (token: Token) => {
        const text = vault.read(token);
        if (text === undefined) throw damaged(token);
        return text;
      };
      const counts = rewriteTexts(database, { open, seal });
      if (meta !== undefined) setMetaValue(database, ENCRYPTION_META, meta ?? undefined);
      return counts;
    });
    if (cleaning.deleteBackups) deleteBackups(path);
    const deleted = cleaning.deleteBackups ? before.length : 0;
    return { ...counts, backups: deleted > 0 ? [] : before, deleted, files: this.#files() };
  }

  #newKey(name: KeyName): Pick<Rewriting, 'seal'> & { readonly meta: string } {
    const made = newKey(this.#world.cipher, name);
    const variable = name === 'current' ? 'TM_ENCRYPTION_KEY' : 'TM_ENCRYPTION_KEY_NEW';
    if (made) return { seal: (text, place) => sealToken(made.key, text, place), meta: made.meta };
    throw new OrchestratorError(
      'PERMISSION_DENIED',
      `There is no key: set ${variable} to 32 bytes in base64 (“tm encryption new-key” makes some) or to a passphrase of 12 characters or more. Nothing was changed.`,
    );
  }

  #files(): string[] {
    return FOLDERS.flatMap((folder) => this.#world.folder.list(folder).map((name) => `${folder}/${name}`));
  }
}

function requireOn(vault: Vault): void {
  if (!vault.isOn) throw new NotFoundError('This store is not encrypted. “tm encryption enable” does that.');
}

/** Every encrypted text as it stands, and how many are readable although they should not be. */
function texts(store: Store): { tokens: Token[]; readable: number } {
  const raw = store.rehearse('', (transaction) => [
    ...transaction
      .all(`SELECT sealed, ${SEALED_FIELDS.join(', ')} FROM tasks`)
      .flatMap((row) => Object.values(row).filter((value) => value !== null)),
    ...SEALED_TABLES.flatMap((table) =>
      transaction
        .all(`SELECT * FROM ${table}`)
        .flatMap((row) => sealedColumns(table, row).flatMap((column) => row[column] ?? [])),
    ),
  ]);
  const tokens = raw.flatMap((text) => parseToken(String(text)) ?? []);
  return { tokens, readable: raw.length - tokens.length };
}

/** `T…: description`, by the task's id. */
function nameOf({ row, field }: Token): string {
  return `${row.split('/')[0] || 'a message'}: ${field.replaceAll('+', ', ')}`;
}
