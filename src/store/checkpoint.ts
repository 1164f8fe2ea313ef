import type { Database } from './database.js';
import { FileJournal } from './fileJournal.js';
import { sibling, writeDurably } from './files.js';
import { metaValue, setMetaValue } from './image.js';
import { journalName, REPLACED_JOURNAL, type State } from './loadState.js';
import { swapImage } from './otherClients.js';
import type { StepListener } from './steps.js';

/** Where the files of a store are. */
export interface Place {
  /** The SQLite file; the journal and the lock lie beside it. */
  readonly path: string;
  readonly onStep?: StepListener | undefined;
}

/** Fingerprints of earlier images that a journal names, so that those who have one need not read the newest. */
const KNOWN_IMAGES = 16;

export function journalPath({ path }: Place): string {
  return sibling(path, 'journal');
}

/** Writes the two files where one is missing. Only with the lock held. */
export function createFiles(state: State, place: Place): void {
  if (state.image === '') writeImage(state, state.database, place);
  state.journal ??= FileJournal.create(
    journalPath(place),
    {
      store: state.storeId,
      base: state.head,
      chain: metaValue(state.database, 'last_chain') ?? '',
      image: state.image,
    },
    place.onStep,
  );
}

/** Writes the image anew and empties the journal; a crash between the two does no harm. Only with the lock held. */
export function checkpoint(state: State, place: Place): void {
  const { image: from, journal } = state;
  // Where another program wrote the image, only those who have loaded that one know what is in the new one.
  const known = journal?.header.image === from ? [...journal.header.known, from].slice(-KNOWN_IMAGES) : [from];
  writeImage(state, state.database, place);
  journal?.restart(state.image, known);
}

/** Makes `database` the store's content, whatever is there; everybody reads it anew. Only with the lock held. */
export function replaceContent(state: State, database: Database, place: Place): void {
  state.head = Math.max(state.head, Number(metaValue(database, 'last_seq') ?? 0));
  const { journal } = state;
  if (journal?.head === state.head) {
    writeImage(state, database, place);
    journal.restart(state.image, []);
  } else {
    // A journal that cannot be followed, because it is damaged or of another time, is replaced. Until it is, the image
    // says that it does not count.
    setMetaValue(database, REPLACED_JOURNAL, journal && journalName(journal));
    writeImage(state, database, place);
    const header = { store: state.storeId, base: state.head, chain: '', image: state.image };
    state.journal = FileJournal.create(journalPath(place), header, place.onStep);
    journal?.close();
  }
}

/** Writes the image with a note of which transactions are in it. */
function writeImage(state: State, database: Database, { path, onStep }: Place): void {
  const { head, journal } = state;
  setMetaValue(database, 'last_seq', head);
  setMetaValue(database, 'last_chain', journal?.head === head ? journal.checksumOf(head) : undefined);
  const { image } = state;
  const around = (rename: () => void) => {
    state.image = swapImage(path, image, () => {
      onStep?.('image.swapping');
      rename();
    });
  };
  writeDurably(path, database.export(), { what: 'image', onStep, around });
}
