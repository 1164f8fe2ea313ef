import { type Draft, partsOf } from './draft.js';
import type { Block } from './markdownBlocks.js';
import { plainInline } from './plainInline.js';
import type { Section } from './sections.js';
import { containerOf, fieldOf, isDemand, readField, readMarker, readNumbered } from './vocabulary.js';

/** A heading that only gathers others: it has nothing of an item itself, and what is below has. */
export function isGroup(section: Section, kind: Draft['kind']): boolean {
  if (kind === 'requirement' && section.blocks.some(startsNumbered)) return true;
  if (section.blocks.some((block) => block.type === 'list' || block.type === 'table')) return false;
  const parts = section.children.filter(({ title }) => !containerOf(title) && !fieldOf(title));
  if (parts.length === 0 || parts.length < section.children.length) return false;
  if (kind === 'requirement')
    return !section.blocks.some((block) => block.type === 'paragraph' && isDemand(block.text));
  return parts.some(looksLikeItem);
}

function looksLikeItem({ title, blocks, children }: Section): boolean {
  if (readNumbered(title) || readMarker(title)) return true;
  if (children.some((child) => containerOf(child.title) || fieldOf(child.title))) return true;
  return blocks.some((block) => {
    if (block.type === 'list') return block.items.some((item) => readField(partsOf(item).head, true));
    return block.type === 'paragraph' && readField(plainInline(block.text)) !== undefined;
  });
}

function startsNumbered(block: Block): boolean {
  if (block.type === 'paragraph') return readNumbered(plainInline(block.text)) !== undefined;
  return block.type === 'list' && block.items.some((item) => readNumbered(partsOf(item).head));
}
