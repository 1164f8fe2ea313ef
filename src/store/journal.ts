import { StoreError } from '../core/model/errors.js';
import type { TransactionRecord } from './record.js';

/** The checkpoint that a log follows. */
export interface Checkpoint {
  /** Sequence number of the last record in the image. */
  readonly seq: number;
  /** Names the image that was written. */
  readonly image: string;
  /** Names earlier images: who has one of them and the records up to `seq` has all of it. */
  readonly known: readonly string[];
}

/** What others wrote since the last look. */
export interface JournalNews {
  readonly records: readonly TransactionRecord[];
  /** Among these records a checkpoint swapped the log for a new one. */
  readonly checkpoint?: Checkpoint;
  /** False where the new log starts after what was read here, or tells another history: everything is to be read anew. */
  readonly continues: boolean;
}

/**
 * The shared log of transactions, in one order for everybody. A file is its first implementation; nothing above this
 * interface may assume one.
 */
export interface Journal {
  /** Sequence number of the last record read or written here. */
  readonly head: number;
  /** Bytes of the records since the last checkpoint. */
  readonly size: number;
  /** What follows what was read; undefined at the end. Throws STORE_CORRUPT where the log is damaged. */
  poll(): JournalNews | undefined;
  /** Cuts off what a writer that died left unfinished. Only with the lock held. */
  repairTail(): void;
  /**
   * Makes the record durable. False when another writer's record came first (possible only without the lock): then the
   * record does not count, and `poll` gives the other's. Throws when it could not be written; then it is not there.
   */
  append(record: TransactionRecord): boolean;
  /**
   * Starts a new log after the head, for a checkpoint that was just written. Only with the lock held. The last records
   * are repeated in it for readers that come late, if `known` says that they need nothing else.
   */
  restart(image: string, known: readonly string[]): void;
  close(): void;
}

/** Which entry of the log holds among those that claim to follow the same one; shared by every reader. */
export class Chain {
  #head: number;
  /** Checksum by sequence, from the base on. */
  readonly #links = new Map<number, string>();

  constructor(base: number, checksum: string) {
    this.#head = base;
    this.#links.set(base, checksum);
  }

  get head(): number {
    return this.#head;
  }

  get checksum(): string {
    return this.#links.get(this.#head) as string;
  }

  /** Checksum of the record `seq`; undefined where the chain does not reach. */
  checksumOf(seq: number): string | undefined {
    return this.#links.get(seq);
  }

  /**
   * Takes an entry up if it follows the head. False if it is void: it follows an earlier entry that another one,
   * earlier in the log, followed first. Throws STORE_CORRUPT if it can be neither.
   */
  accept(seq: number, prev: string, checksum: string): boolean {
    if (seq === this.#head + 1 && prev === this.checksum) {
      this.#head = seq;
      this.#links.set(seq, checksum);
      return true;
    }
    if (seq <= this.#head && this.#links.get(seq - 1) === prev) return false;
    throw new StoreError(
      'STORE_CORRUPT',
      `The journal is damaged: record ${seq} does not follow record ${this.#head}. Nothing is written until it is repaired; keep a copy of both files.`,
      { seq, head: this.#head },
    );
  }
}
