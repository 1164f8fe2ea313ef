import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { Collaboration } from '../../../src/app/collaboration/collaboration.js';
import type { EventType } from '../../../src/app/collaboration/collaborationInputs.js';
import { ContextKeeper } from '../../../src/app/collaboration/contextKeeper.js';
import { notesFile, sharedFile } from '../../../src/app/collaboration/contextPaths.js';
import { keepContextFiles } from '../../../src/app/collaboration/keepContextFiles.js';
import type { Orchestrator } from '../../../src/app/orchestrator.js';
import { checkAsync } from '../../support/check.js';
import { openPlan } from './openPlan.js';

let plan: Orchestrator;
let talk: Collaboration;
let id: string;

beforeEach(async () => {
  plan = await openPlan();
  talk = new Collaboration(plan.plan);
  id = (await plan.tasks.create({ title: 'Build: the “API”' })).id;
});

const path = (file: string) => join(dirname(plan.plan.store.path), file);
const shared = () => path(`contexts/${id}.yaml`);
const notes = () => path(`notes/${id}_tester.md`);
const read = (file: string) => readFileSync(file, 'utf8');
const texts = () => talk.context({ task: id }).shared.map(({ type, text }) => `${type} ${text}`);
const noteTexts = () => talk.context({ task: id }).notes.map(({ text }) => text);
const say = (text: string, type: EventType = 'update') => talk.add({ task: id, type, text });
const keep = () => keepContextFiles(plan.plan, []);

async function join_(): Promise<void> {
  await talk.join(id);
  await new ContextKeeper(plan.plan).keep([sharedFile(id), notesFile(id, 'tester')], { create: true });
}

describe('files of a task', () => {
  test('are made when it is joined, and follow it from then on', async () => {
    await say('early');
    expect(await keep()).toEqual([]);
    expect(readdirSync(path('.')).filter((name) => name === 'contexts')).toEqual([]);
    await join_();
    expect(read(shared())).toContain('text: early');
    await say('late', 'sync');
    await say('mine', 'note');
    await keep();
    expect(read(shared())).toMatch(/type: sync\n +agent: tester\n +at: .*\n +text: late/);
    expect(read(shared())).not.toContain('mine');
    expect(read(notes())).toContain('mine');
  });

  test('are left alone while nothing is new', async () => {
    await join_();
    await keep();
    const before = [read(shared()), read(notes()), plan.plan.store.head];
    expect(await keep()).toEqual([]);
    expect([read(shared()), read(notes()), plan.plan.store.head]).toEqual(before);
  });

  test('that are behind and were not edited are written anew without a word', async () => {
    await join_();
    await say('one');
    await say('two');
    expect(await keep()).toEqual([]);
    expect(texts()).toEqual(['update one', 'update two']);
  });

  test('that somebody removed stay away', async () => {
    await join_();
    rmSync(shared());
    await say('one');
    await keep();
    expect(readdirSync(path('contexts'))).toEqual([]);
  });
});

describe('an edited file', () => {
  test('gives its new entries to the store, once', async () => {
    await join_();
    await say('one');
    await keep();
    writeFileSync(
      shared(),
      `${read(shared())}  - just words\n  - type: discovery\n    text: |-\n      two\n      lines: yes\n`,
    );
    expect(await keep()).toEqual([`contexts/${id}.yaml: 2 new entries taken over in the name of tester.`]);
    expect(texts()).toEqual(['update one', 'update just words', 'discovery two\nlines: yes']);
    expect(await keep()).toEqual([]);
    expect(texts()).toHaveLength(3);
    expect(read(shared())).toMatch(/id: "?[0-9a-f]+"?\n +type: update\n +agent: tester\n +at: .*\n +text: just words/);
  });

  test('also when others shared meanwhile and the file was behind', async () => {
    await join_();
    await say('one');
    await keep();
    const old = read(shared());
    await say('two');
    writeFileSync(shared(), `${old}  - three\n`);
    expect(await keep()).toHaveLength(1);
    expect(texts()).toEqual(['update one', 'update two', 'update three']);
    expect(read(shared()).match(/text: /g)).toHaveLength(3);
    expect(readdirSync(path('contexts'))).toEqual([`${id}.yaml`]);
  });

  test('is taken over once although whoever did it died before writing the file', async () => {
    await join_();
    const edited = `${read(shared()).replace('events: []', 'events:')}  - three\n`;
    writeFileSync(shared(), edited);
    await keep();
    writeFileSync(shared(), edited);
    expect(await keep()).toEqual([]);
    expect(texts()).toEqual(['update three']);
    expect(read(shared())).toContain('text: three');
  });

  test('in which an entry was changed or removed is kept beside, and nothing of the store changes', async () => {
    await join_();
    await say('one');
    await say('two');
    await keep();
    const edited = read(shared()).replace('text: one', 'text: uno');
    writeFileSync(shared(), edited);
    expect((await keep())[0]).toMatch(
      new RegExp(
        `^contexts/${id}.yaml: entry [0-9a-f]{8} was changed. Your version is kept as contexts/${id}.yaml.edited.$`,
      ),
    );
    expect(read(`${shared()}.edited`)).toBe(edited);
    expect(texts()).toEqual(['update one', 'update two']);
    expect(read(shared())).toContain('text: one');
    writeFileSync(shared(), read(shared()).replace(/ {2}- id: .*\n.*\n.*\n.*\n {4}text: two\n/, '  - added\n'));
    const [taken, refused] = await keep();
    expect(taken).toContain('one new entry');
    expect(refused).toMatch(/was removed.*\.edited-2\.$/);
    expect(texts()).toEqual(['update one', 'update two', 'update added']);
  });

  test('with another title, type or task is kept beside too', async () => {
    await join_();
    writeFileSync(
      shared(),
      read(shared()).replace('“API”', 'UI').replace('events: []', 'events:\n  - {type: note, text: x}'),
    );
    expect((await keep())[0]).toMatch(/“note” is no type of entry.*what stands above the entries was changed/);
    expect(texts()).toEqual([]);
    expect(read(shared())).toContain('“API”');
  });

  test('that is no YAML stays as it is until it is mended', async () => {
    await join_();
    const broken = `${read(shared())}  - "open\n`;
    writeFileSync(shared(), broken);
    expect((await keep())[0]).toMatch(/cannot be read and stays as it is: line \d+: .*Mend it/);
    expect(read(shared())).toBe(broken);
    writeFileSync(shared(), broken.replace('events: []\n  - "open', 'events:\n  - "open"'));
    await keep();
    expect(texts()).toEqual(['update open']);
  });

  test('whose line ends an editor changed is not edited', async () => {
    await join_();
    await say('one');
    await keep();
    writeFileSync(shared(), `${read(shared()).replaceAll('\n', '\r\n')}\r\n`);
    expect(await keep()).toEqual([]);
    expect(texts()).toEqual(['update one']);
  });
});

describe('private notes', () => {
  test('take over what stands behind the last one, and what stands in an empty file', async () => {
    await join_();
    writeFileSync(notes(), `${read(notes())}\nremember this\n`);
    expect(await keep()).toEqual([`notes/${id}_tester.md: one new entry taken over in the name of tester.`]);
    writeFileSync(notes(), `${read(notes())}\nand that\n\nin two paragraphs\n`);
    await keep();
    expect(noteTexts()).toEqual(['remember this', 'and that\n\nin two paragraphs']);
  });

  test('that were changed are kept beside', async () => {
    await join_();
    await say('first', 'note');
    await keep();
    writeFileSync(notes(), read(notes()).replace('first', 'fist'));
    expect((await keep())[0]).toContain('.md.edited.');
    expect(noteTexts()).toEqual(['first']);
  });

  test('of others are not looked into', async () => {
    await new ContextKeeper(plan.plan).keep([notesFile(id, 'other')], { create: true });
    const file = path(`notes/${id}_other.md`);
    const edited = `${read(file)}\nmine\n`;
    writeFileSync(file, edited);
    expect(await keep()).toEqual([]);
    expect(read(file)).toBe(edited);
  });
});

test('a file of another program is kept beside when the task is joined, and never touched before', async () => {
  plan.plan.world.folder.write(`contexts/${id}.yaml`, 'shared:\n  - old\n');
  expect(await keep()).toEqual([]);
  expect(read(shared())).toBe('shared:\n  - old\n');
  const { messages } = await new ContextKeeper(plan.plan).keep([sharedFile(id)], { create: true });
  expect(messages).toEqual([`contexts/${id}.yaml was not written by tm. It is kept as contexts/${id}.yaml.edited.`]);
  expect(read(`${shared()}.edited`)).toBe('shared:\n  - old\n');
});

test('of a deleted task go with it; what somebody wrote in one and nobody took over is kept beside', async () => {
  await join_();
  const edited = `${read(shared())}  - only here\n`;
  writeFileSync(shared(), edited);
  await plan.tasks.delete(id);
  expect(readdirSync(path('contexts'))).toEqual([`${id}.yaml.edited`]);
  expect(read(`${shared()}.edited`)).toBe(edited);
  expect(readdirSync(path('notes'))).toEqual([]);
});

test('without taking over, edited files are left as they are', async () => {
  await join_();
  const edited = `${read(shared())}  - half a sent`;
  writeFileSync(shared(), edited);
  await say('news');
  await say('mine', 'note');
  expect(await keepContextFiles(plan.plan, [], { takeOver: false })).toEqual([]);
  expect(read(shared())).toBe(edited);
  expect(read(notes())).toContain('mine');
});

test('whatever somebody says, files that nobody edited are never taken for edited', async () => {
  await join_();
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.string({
      unit: fc.constantFrom('\n', ' ', '-', '#', ':', '"', '<!-- note 12345678 x -->', '\\', '\t', '\r\n', 'a'),
      maxLength: 120,
    }),
  );
  await checkAsync(
    fc.asyncProperty(text, fc.constantFrom('update', 'note'), async (words, type) => {
      fc.pre(words.replace(/\0/g, '').trim() !== '');
      await say(words, type as EventType);
      expect(await keep()).toEqual([]);
      // An edit behind it leaves it as it was.
      const file = type === 'note' ? notes() : shared();
      writeFileSync(file, `${read(file)}${type === 'note' ? '\nmore\n' : '  - more\n'}`);
      expect(await keep()).toEqual([expect.stringContaining('one new entry taken over')]);
    }),
    60,
  );
});
