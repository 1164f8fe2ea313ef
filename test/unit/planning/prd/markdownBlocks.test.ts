import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { describe, expect, test } from 'vitest';
import { type Block, linesOf, readBlocks } from '../../../../src/core/planning/prd/markdownBlocks.js';
import { check } from '../../../support/check.js';

const FOLDER = join(import.meta.dirname, '../../../fixtures/prd');

/** A tree with kinds and lines only: what both readers have to agree on. */
type Shape = readonly [kind: string, line: number, endLine: number, ...children: unknown[]];

function ours(blocks: readonly Block[]): Shape[] {
  return blocks.map((block): Shape => {
    const { type, line, endLine } = block;
    if (type === 'list')
      return [
        'list',
        line,
        endLine,
        ...block.items.map((item) => ['item', item.line, item.endLine, item.checked ?? null, ...ours(item.children)]),
      ];
    if (type === 'quote') return ['quote', line, endLine, ...ours(block.children)];
    if (type === 'heading') return [`heading ${block.depth}`, line, endLine];
    if (type === 'table') return ['table', line, endLine, block.header.length, block.rows.length];
    return [type, line, endLine];
  });
}

function theirs(nodes: readonly RootContent[]): Shape[] {
  return nodes.flatMap((node): Shape[] => {
    const [line, endLine] = [node.position?.start.line ?? 0, node.position?.end.line ?? 0];
    switch (node.type) {
      case 'list':
        return [
          [
            'list',
            line,
            endLine,
            ...node.children.map((item) => [
              'item',
              item.position?.start.line,
              item.position?.end.line,
              item.checked ?? null,
              ...theirs(item.children),
            ]),
          ],
        ];
      case 'blockquote':
        return [['quote', line, endLine, ...theirs(node.children)]];
      case 'heading':
        return [[`heading ${node.depth}`, line, endLine]];
      case 'table':
        return [['table', line, endLine, node.children[0]?.children.length ?? 0, node.children.length - 1]];
      case 'thematicBreak':
      case 'definition':
        return [];
      default:
        return [[node.type, line, endLine]];
    }
  });
}

const mdast = (text: string) =>
  theirs(fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }).children);

describe('the blocks of Markdown', () => {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.md'));
  test.each(names)('%s has the tree that micromark finds', (name) => {
    const text = readFileSync(join(FOLDER, name), 'utf8').replace(/^---\n[\s\S]*?\n---\n/, '');
    expect(ours(readBlocks(linesOf(text)))).toEqual(mdast(text));
  });

  test('documents made of usual pieces have the tree that micromark finds', () => {
    const words = fc.constantFrom('alpha', 'a **bold** word', 'Priority: high', 'one, two', '`code`');
    const paragraph = fc.array(words, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n'));
    const list = fc
      .tuple(
        fc.constantFrom('- ', '* ', '1. '),
        fc.array(fc.tuple(words, fc.array(words, { maxLength: 2 })), { minLength: 1, maxLength: 3 }),
      )
      .map(([marker, items]) =>
        items
          .map(([head, nested]) =>
            [marker + head, ...nested.map((text) => `${' '.repeat(marker.length)}- ${text}`)].join('\n'),
          )
          .join('\n'),
      );
    const piece = fc.oneof(
      fc.tuple(fc.integer({ min: 1, max: 6 }), words).map(([depth, text]) => `${'#'.repeat(depth)} ${text}`),
      paragraph,
      list,
      fc.constant('```\n- not a list\n# nor a heading\n```'),
      fc.constant('| A | B |\n|---|---|\n| 1 | 2 |'),
      words.map((text) => `> ${text}\n> more`),
      fc.constant('---'),
      fc.constant('<!-- a\n\n- b -->'),
    );
    check(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('\n\n');
        expect(ours(readBlocks(linesOf(text)))).toEqual(mdast(text));
      }),
    );
  });
});
