import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutLabel, encodeText } from '../../src/core/diagram/label.js';
import { type DiagramNode, type DiagramView, STATE_SIGNS, toMermaid } from '../../src/core/diagram/mermaid.js';
import { WORK_STATES } from '../../src/core/model/workState.js';

const node = (number: number, more: Partial<DiagramNode> = {}): DiagramNode => ({
  id: `t${number}`,
  number,
  title: `Task ${number}`,
  state: 'ready',
  focus: false,
  strong: false,
  ...more,
});

const view = (nodes: DiagramNode[], edges: DiagramView['edges'] = []): DiagramView => ({ nodes, edges });

describe('toMermaid', () => {
  it('draws the shapes of the states, the chain and the focus', () => {
    const text = toMermaid(
      view(
        [
          node(1, { state: 'in_progress', title: 'Parse the PRD', assignee: 'mia', strong: true }),
          node(2, { state: 'waiting', focus: true, strong: true }),
          node(3, { state: 'needs_decision' }),
          { ...node(0), id: 's1', title: '+12 more', stub: true },
        ],
        [
          { from: 't1', to: 't2', strong: true },
          { from: 't2', to: 't3', strong: false },
          { from: 't3', to: 's1', strong: false },
        ],
      ),
    );
    expect(text).toBe(`flowchart LR
  accTitle: Task graph
  accDescr: 3 tasks, 3 dependencies
  t1["#9658; T-1<br/>Parse the PRD<br/>#64;mia"]
  t2{{"#9676; T-2<br/>Task 2"}}
  t3{"#63; T-3<br/>Task 3"}
  s1("#43;12 more")
  t1 ==> t2
  t2 --> t3
  t3 --> s1
  classDef in_progress stroke-width:3px
  classDef waiting stroke-dasharray:5 4
  classDef stub stroke-dasharray:2 3
  class t1 in_progress
  class t3 needs_decision
  class t2 waiting
  class s1 stub
  class t2 focus
  class t1,t2 strong
`);
  });

  it('gives each state a sign, so that colour is never the only mark', () => {
    for (const state of WORK_STATES) {
      expect(toMermaid(view([node(7, { state })]))).toContain(`"${encodeText(STATE_SIGNS[state])} T-7<br/>`);
    }
  });

  it('draws an empty view', () => {
    expect(toMermaid(view([]))).toBe('flowchart LR\n  accTitle: Task graph\n  accDescr: 0 tasks, 0 dependencies\n');
  });

  it('refuses ids and edges that are no part of a view', () => {
    expect(() => toMermaid(view([{ ...node(1), id: 't1]' }]))).toThrow(RangeError);
    expect(() => toMermaid(view([node(1)], [{ from: 't1', to: 't2', strong: false }]))).toThrow(RangeError);
  });

  it('keeps one line a node and one label a line, whatever title and assignee are', () => {
    const label = String.raw`(?:[A-Za-z0-9 ,.\-\p{L}\p{N}\p{M}]|#\d+;|<br/>)*`;
    const line = new RegExp(String.raw`^ {2}t1(?:\[|\(\[|\{|\[\[|\{\{|\()"${label}"(?:\]|\]\)|\}|\]\]|\}\}|\))$`, 'u');
    const plain = toMermaid(view([node(1, { assignee: 'a' })])).split('\n').length;
    fc.assert(
      fc.property(hostileText, hostileText, fc.constantFrom(...WORK_STATES), (title, assignee, state) => {
        const lines = toMermaid(view([node(1, { title, assignee: `x${assignee}`, state })])).split('\n');
        expect(lines.filter((each) => !each.startsWith('  classDef'))).toHaveLength(plain);
        expect(lines[3]).toMatch(line);
        expect(lines[3]?.match(/<br\/>/g)?.length).toBeLessThanOrEqual(3);
      }),
    );
  });
});

/** Any text, with Mermaid's and HTML's own characters more often than chance would have them. */
const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 500 }),
  fc
    .array(
      fc.constantFrom(
        '"',
        '#',
        ';',
        '<br/>',
        '`',
        '\n',
        '\r\n',
        ']',
        ')',
        '}',
        '%%',
        '-->',
        ':::',
        '$$',
        '\\n',
        'ﬂ°',
        '\u2028',
        '\uD83D',
        'style',
        ' ',
      ),
    )
    .map((parts) => parts.join('')),
);

describe('encodeText', () => {
  it('writes what Mermaid could read as its own as code points, and leaves letters readable', () => {
    expect(encodeText('Say "no" to <b>')).toBe('Say #34;no#34; to #60;b#62;');
    expect(encodeText('Größe 日本語 😀')).toBe('Größe 日本語 #128512;');
  });

  it('takes apart what Mermaid acts on after decoding', () => {
    expect(encodeText('$$x$$')).not.toContain('#36;#36;');
    expect(encodeText('fa:fa-bell')).toBe('fa#58;#8288;fa-bell');
    expect(encodeText('a:b')).toBe('a#58;b');
  });
});

describe('cutLabel', () => {
  it('breaks a title into two even lines', () => {
    expect(cutLabel('Short title')).toEqual(['Short title']);
    expect(cutLabel('Write the migration for file references')).toEqual(['Write the migration', 'for file references']);
  });

  it('cuts with an ellipsis what does not fit', () => {
    expect(cutLabel('x'.repeat(500))).toEqual(['x'.repeat(22), `${'x'.repeat(21)}…`]);
  });

  it('counts characters as a reader does and splits none', () => {
    const family = '👩‍👩‍👧‍👦';
    expect(cutLabel(family.repeat(23))).toEqual([family.repeat(22), family]);
    const joined = cutLabel(family.repeat(250)).join('');
    expect(joined.replaceAll(family, '')).toBe('…');
  });

  it('never gives more than two lines of 22, a line break, a control character or half a character', () => {
    const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
    fc.assert(
      fc.property(hostileText, (title) => {
        const lines = cutLabel(title);
        expect(lines.length).toBeLessThanOrEqual(2);
        for (const line of lines) {
          expect([...graphemes.segment(line)].length).toBeLessThanOrEqual(22);
          expect(line).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029]/u);
        }
      }),
    );
  });
});
