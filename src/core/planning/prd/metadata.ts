import { linesWith } from './criteriaReader.js';
import { partsOf } from './draft.js';
import type { Block } from './markdownBlocks.js';
import type { PrdMetadata } from './parsedPrd.js';
import { plainInline } from './plainInline.js';
import type { PrdDocument, Section } from './sections.js';
import { DECORATION } from './vocabulary.js';

const NAMES: readonly (readonly [keyof PrdMetadata, RegExp])[] = [
  ['title', /^(?:title|name)$/],
  ['version', /^(?:version|revision|版本|バージョン)$/],
  [
    'author',
    /^(?:authors?|owners?|pm|product manager|written by|prepared by|dri|created by|autor(?:in)?|verfasser(?:in)?|作者|作成者|著者)$/,
  ],
  ['createdAt', /^(?:date|created(?: ?at| on)?|start date|datum|erstellt(?: am)?|日期|作成日)$/],
  ['modifiedAt', /^(?:(?:last )?(?:updated|modified|edited)(?: ?at| on| time)?)$/],
  ['productName', /^(?:product(?: ?name)?|project|produkt|projekt|产品名称|产品|製品名)$/],
  ['targetAudience', /^(?:(?:target )?audience|target users?|users?)$/],
  ['type', /^type$/],
];

const TYPES = ['feature', 'enhancement', 'bugfix', 'refactor', 'technical'] as const;

/** What the front matter says of the document, and the lines `Key: value` below its title. */
export function readMetadata({ frontMatter, root }: PrdDocument, titled: Section | undefined): PrdMetadata {
  const found = new Map<keyof PrdMetadata, string>();
  const take = (label: string, value: string) => {
    const name = NAMES.find(([, pattern]) => pattern.test(label.trim().toLowerCase().replace(/_/g, ' ')))?.[0];
    if (name && value.trim() !== '' && !found.has(name)) found.set(name, value.trim());
  };
  for (const [label, value] of Object.entries(frontMatter)) take(label, asText(value));
  for (const block of [...root.blocks, ...(titled?.blocks ?? [])])
    for (const [label, value] of pairsOf(block)) take(label, value);
  const title = textOf(frontMatter.title) ?? titled?.title ?? found.get('title') ?? root.children[0]?.title ?? '';
  const { type, title: _title, ...others } = Object.fromEntries(found) as Partial<Record<keyof PrdMetadata, string>>;
  const known = TYPES.find((one) => one === type?.toLowerCase()) ?? 'feature';
  return { title: (title.replace(DECORATION, '') || title).slice(0, 500), ...others, type: known };
}

function pairsOf(block: Block): (readonly [string, string])[] {
  const pair = (text: string): (readonly [string, string])[] => {
    const match = /^([\p{L} _-]{2,30})[:：]\s*(\S.*)$/u.exec(text);
    return match ? [[match[1] ?? '', match[2] ?? '']] : [];
  };
  if (block.type === 'paragraph') return linesWith(block).flatMap(({ text }) => pair(text));
  if (block.type === 'list') return block.items.flatMap((item) => pair(partsOf(item).head));
  if (block.type === 'table' && block.header.length === 2)
    return [block.header, ...block.rows.map(({ cells }) => cells)].map(([label = '', value = '']) => [
      plainInline(label),
      plainInline(value),
    ]);
  return [];
}

function textOf(value: unknown): string | undefined {
  const text = asText(value);
  return text === '' ? undefined : text;
}

function asText(value: unknown): string {
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'string').join(', ');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
