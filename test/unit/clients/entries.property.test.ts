import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CLIENTS,
  type Client,
  compareEntry,
  entryIn,
  withEntry,
  withoutEntry,
} from '../../../src/core/clients/clients.js';

const json = CLIENTS.filter(({ format }) => format === 'json');
const toml = CLIENTS.filter(({ format }) => format === 'toml');
const launch = { command: '/opt/a "b"/tm', args: ['mcp'], env: {} };

const blank = fc.constantFrom(
  '',
  ' ',
  '\n',
  '\r\n',
  '\n\t',
  '\n  ',
  ' // c\n',
  '/* c */',
  ' /* c\n d */ ',
  '\r\n    ',
  ' // “}, {\r\n',
);
const eol = fc.constantFrom('\n', '\r\n');

/** Text of JSON as people, editors and programs write it: blanks and comments anywhere, trailing commas. */
const jsonValue: fc.Arbitrary<string> = fc.letrec<{ value: string; object: string; key: string }>((tie) => ({
  key: fc.constantFrom('"mcpServers"', '"servers"', '"mcp"', '"context_servers"', '"a"', '"b \\"{"', '"//"', '"c"'),
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('1', 'true', '-2.5e3', 'null', '"t"', '"}, // /*"', '[]', '[1, {"x": 2},]'),
    tie('object'),
  ),
  object: members(tie('key') as fc.Arbitrary<string>, tie('value') as fc.Arbitrary<string>),
})).object;

function members(key: fc.Arbitrary<string>, value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const member = fc.tuple(blank, key, blank, blank, value, blank);
  return fc
    .tuple(fc.uniqueArray(member, { selector: (one) => one[1], maxLength: 4 }), blank, fc.boolean())
    .map(([list, inner, trailing]) => {
      const texts = list.map(([a, name, b, c, one, d]) => `${a}${name}${b}:${c}${one}${d}`);
      return `{${texts.join(',')}${trailing && texts.length > 0 ? ',' : ''}${inner}}`;
    });
}

const jsonFile = fc.tuple(fc.constantFrom('', '\uFEFF'), blank, jsonValue, blank).map((parts) => parts.join(''));

const emptyFile = fc.constantFrom('', ' ', '\n', '\uFEFF', '\r\n\r\n', '\uFEFF\n');

const tomlLine = fc.oneof(
  fc.constantFrom(
    '',
    '# c',
    'a = 1',
    '"q.r" = \'x\'',
    'b.c = [1, # c\n  2,\n]',
    't = """\n[mcp_servers.task-orchestrator]\n"""',
  ),
  fc.constantFrom(
    '[mcp_servers.other]',
    '[tools]',
    '[[list]]',
    '  [ mcp_servers . "x y" ]  # c',
    'd = 1979-05-27 07:32:00',
  ),
  fc.constantFrom("l = '''\n'''", 'i = { a = "}", b = [] } # [x]', 'command = "other"'),
);
const tomlFile = fc
  .tuple(fc.array(tomlLine, { maxLength: 8 }), eol, fc.boolean())
  .map(([lines, end, last]) => lines.join('\n').replaceAll('\n', end) + (last && lines.length > 0 ? end : ''));

function takesBack(clients: readonly Client[], file: fc.Arbitrary<string>): void {
  fc.assert(
    fc.property(fc.constantFrom(...clients), file, (client, before) => {
      const wanted = client.entry(launch);
      const isObject = attempt(() => entryIn(client, before));
      fc.pre(isObject !== 'refused');
      const after = withEntry(client, before, wanted);
      expect(compareEntry(client, entryIn(client, after)?.value, wanted)).toBe('set up');
      expect(withEntry(client, after, wanted)).toBe(after);
      expect(withoutEntry(client, after)).toBe(before);
    }),
    { numRuns: 1000 },
  );
}

function attempt<T>(work: () => T): T | 'refused' {
  try {
    return work();
  } catch {
    return 'refused';
  }
}

describe('an entry of ours in a file that is somebody else’s', () => {
  test('is put into JSON with comments and taken out again, and every byte is as it was', () =>
    takesBack(json, jsonFile));
  test('is put into a file without content, and taken out again', () => takesBack([...json, ...toml], emptyFile));
  test('is put into TOML and taken out again, and every byte is as it was', () => takesBack(toml, tomlFile));
  test('leaves strict JSON strict, with the same values beside it', () => {
    const indent = fc.constantFrom<(string | number)[]>('\t', 2, 4, 0);
    const file = fc.dictionary(fc.constantFrom('mcpServers', 'a', 'b'), fc.dictionary(fc.string(), fc.jsonValue()));
    fc.assert(
      fc.property(file, indent, (value, space) => {
        const [client] = json as [Client];
        const after = withEntry(client, JSON.stringify(value, null, space), client.entry(launch));
        const { mcpServers = {}, ...rest } = value;
        const entry = { command: launch.command, args: ['mcp'] };
        expect(JSON.parse(after)).toEqual({ ...rest, mcpServers: { ...mcpServers, 'task-orchestrator': entry } });
      }),
    );
  });
  test.each(CLIENTS.map((client) => [client.id, client] as const))(
    'makes a file for %s, which goes with it',
    (_id, client) => {
      const made = withEntry(client, undefined, client.entry(launch));
      expect(withoutEntry(client, made)).toBeUndefined();
    },
  );

  test('goes alone, where others have been put in, changed or taken out meanwhile', () => {
    fc.assert(
      fc.property(fc.constantFrom(...json), jsonFile, fc.constantFrom('first', 'last'), (client, before, where) => {
        fc.pre(attempt(() => entryIn(client, before)) !== 'refused');
        const other = { ...client, id: client.id };
        const after = withEntry(client, before, client.entry(launch));
        // Somebody else adds a member to the topmost object, before ours or as the last of all.
        const at = where === 'first' ? after.indexOf('{') + 1 : -1;
        fc.pre(at > 0);
        const edited = `${after.slice(0, at)} "theirs": [1, 2],${after.slice(at)}`;
        const rest = withoutEntry(other, edited);
        expect(rest).toContain('"theirs": [1, 2],');
        expect(rest && entryIn(client, rest)).toBeUndefined();
      }),
    );
  });
});
