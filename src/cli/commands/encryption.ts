import type { Command } from 'commander';
import { Encryption, type EncryptionChange } from '../../app/encryption/encryption.js';
import { InvalidInputError } from '../../core/model/errors.js';
import { aesCipher, environmentKeys, type KeySource, randomKey } from '../../platform/cipher.js';
import { type CliContext, type CommonOptions, reading, withJson } from '../context.js';
import { withExamples } from '../definition.js';
import { locateStore, storeOptions, worldOf } from '../session.js';

interface ChangeOptions extends CommonOptions {
  readonly deleteBackups?: boolean;
}

/** Characters that a passphrase has at least. */
const SHORTEST = 12;

/** `tm encryption`: whether the texts of this store can be read without a key. */
export function addEncryptionCommand(program: Command, context: CliContext): void {
  const { output } = context;
  const group = program.command('encryption').description('encrypt descriptions, notes and contexts with a key');
  const encryption = (keys: KeySource) => {
    const location = locateStore(context.workingFolder);
    return new Encryption(storeOptions(location, context), { ...worldOf(location, context), cipher: aesCipher(keys) });
  };
  const change = (name: string, says: string) =>
    withJson(group.command(name).description(says)).option('--delete-backups', 'delete the backups made before');

  withJson(group.command('status').description('say what is encrypted and whether the key is there')).action(
    (options: CommonOptions) =>
      reading(context, async ({ store }) => {
        const status = encryption(environmentKeys).status(store);
        if (options.json) output.data(JSON.stringify(status));
        else output.data(statusLines(status).join('\n'));
      }),
  );
  change('enable', 'encrypt every text, with TM_ENCRYPTION_KEY').action(async (options: ChangeOptions) => {
    const keys = await withAsked('current', 'Key of this store (12 characters or more): ');
    report(context, await encryption(keys).enable(options), options, 'Encrypted');
    if (!options.json)
      output.message(
        'Still readable: titles, states, people, tags, criteria, reasons, dates, times, paths and custom fields.',
      );
  });
  const rotate = change('rotate', 'encrypt every text with another key, TM_ENCRYPTION_KEY_NEW').action(
    async (options: ChangeOptions) => {
      const keys = await withAsked('next', 'New key of this store (12 characters or more): ');
      report(context, await encryption(keys).rotate(options), options, 'Encrypted with the new key');
      if (!options.json) output.message('From now on TM_ENCRYPTION_KEY is what TM_ENCRYPTION_KEY_NEW was.');
    },
  );
  change('disable', 'make every text readable again').action(async (options: ChangeOptions) =>
    report(context, await encryption(environmentKeys).disable(options), options, 'Readable again'),
  );
  group
    .command('new-key')
    .description('print a random key; nothing is changed')
    .action(() => output.data(randomKey()));
  withExamples(rotate, [
    'TM_ENCRYPTION_KEY_NEW=$(tm encryption new-key) tm encryption rotate',
    'change the key of this store',
  ]);
}

function statusLines(status: ReturnType<Encryption['status']>): string[] {
  const { encrypted, key, sealed, readable, damaged, backups, files } = status;
  if (!encrypted) return ['Encryption: off'];
  return [
    `Encryption: on (${status.derivation === 'raw' ? 'key of 32 bytes' : 'passphrase'})`,
    `Key: ${{ right: 'right', wrong: 'wrong: TM_ENCRYPTION_KEY is not the key of this store', none: 'none; set TM_ENCRYPTION_KEY' }[key]}`,
    `Encrypted texts: ${sealed}`,
    ...(readable > 0 ? [`Readable texts: ${readable}; “tm encryption enable” encrypts those of other programs`] : []),
    ...(damaged.length > 0 ? [`Damaged texts: ${damaged.length}`, ...damaged.map((name) => `  ${name}`)] : []),
    ...(backups > 0 ? [`Backups: ${backups}; those made before the store was encrypted are readable`] : []),
    ...(files.length > 0 ? [`Readable files beside the store: ${files.join(', ')}`] : []),
  ];
}

function report({ output }: CliContext, change: EncryptionChange, { json }: CommonOptions, done: string): void {
  if (json) {
    output.data(JSON.stringify(change));
    return;
  }
  const { tasks, notes, history, backups, deleted, files } = change;
  output.message(`${done}: texts of ${tasks} tasks, ${notes} notes and messages, ${history} entries of the history`);
  if (deleted > 0) output.message(`Deleted ${deleted} backups made before`);
  if (backups.length > 0)
    output.message(
      `${backups.length} backups made before are as they were: ${backups.join(', ')}. --delete-backups removes them.`,
    );
  if (files.length > 0) output.message(`These files beside the store are readable: ${files.join(', ')}`);
  output.message('Copies elsewhere, such as exports and commits of the store, are as they were.');
}

/** The environment's keys, with one that is missing asked for at a terminal. Throws INVALID_INPUT for one that is too short. */
async function withAsked(name: 'current' | 'next', question: string): Promise<KeySource> {
  let key = environmentKeys(name);
  if (key === undefined && process.stdin.isTTY) {
    const { askSecret } = await import('../terminal/secret.js');
    key = await askSecret(question);
  }
  if (key !== undefined && key.length < SHORTEST)
    throw new InvalidInputError(
      'key',
      `The key is too short: give ${SHORTEST} characters or more. Nothing was changed.`,
    );
  return (asked) => (asked === name ? key : environmentKeys(asked));
}
