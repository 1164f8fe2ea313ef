import { type CriterionDraft, numberedCriterion, partsOf, wordsOf } from './draft.js';
import type { Block, ListItemBlock, TableBlock, TextBlock } from './markdownBlocks.js';
import { plainInline } from './plainInline.js';
import { columnOf, stepOf } from './vocabulary.js';

/** Gathers `Given`, `When`, `Then` lines into one criterion each. */
class Steps {
  readonly found: CriterionDraft[] = [];
  readonly #confidence: number;
  #name: string | undefined;
  #steps: string[] = [];
  #kinds = new Set<string>();
  #start = 0;
  #end = 0;

  constructor(confidence: number) {
    this.#confidence = confidence;
  }

  get isOpen(): boolean {
    return this.#steps.length > 0 || this.#name !== undefined;
  }

  name(title: string, line: number): void {
    this.finish();
    this.#name = title;
    this.#start = line;
    this.#end = line;
  }

  /** False where the text is no step. */
  take(text: string, line: number): boolean {
    const step = stepOf(text);
    if (!step || (step === 'and' && this.#steps.length === 0)) return false;
    // A scenario is over when it has had its outcome and the next one begins.
    if (this.#kinds.has('then') && (step === 'given' || step === 'when')) this.finish();
    if (this.#steps.length === 0 && this.#name === undefined) this.#start = line;
    this.#steps.push(text.replace(/[\s.,;]+$/, ''));
    this.#kinds.add(step);
    this.#end = line;
    return true;
  }

  finish(): void {
    const scenario = this.#steps
      .map((step, at) => (at === 0 ? step : step[0]?.toLowerCase() + step.slice(1)))
      .join(', ');
    const text = this.#name ?? scenario;
    if (scenario !== '')
      this.found.push({
        text,
        scenarios: [scenario],
        confidence: this.#confidence,
        line: this.#start,
        endLine: Math.max(this.#start, this.#end),
      });
    this.#name = undefined;
    this.#steps = [];
    this.#kinds = new Set();
  }
}

const SCENARIO = /^(?:scenario(?: outline)?|example)(?:\s+\d+)?\s*[:–—-]\s*(.*)$/i;

/** The criteria that blocks hold, where it is said that they do. */
export function readCriteria(blocks: readonly Block[], confidence: number, group?: string): CriterionDraft[] {
  const steps = new Steps(confidence);
  const found: CriterionDraft[] = [];
  const listed = blocks.some((block) => block.type === 'list' || block.type === 'table');
  const flush = () => {
    steps.finish();
    found.push(...steps.found.splice(0));
  };
  for (const block of blocks) {
    if (block.type === 'paragraph') {
      const lines = linesWith(block);
      if (lines.some(({ text }) => stepOf(text) || SCENARIO.test(text))) {
        for (const { text, line } of lines) takeLine(steps, text, line);
        continue;
      }
      flush();
      // Beside a list, text is about the list.
      if (!listed) found.push(criterion(plainInline(block.text), [], block.line, block.endLine));
    } else if (block.type === 'list') for (const item of block.items) takeItem(item);
    else {
      flush();
      if (block.type === 'table') found.push(...tableCriteria(block, confidence));
      else if (block.type === 'code') found.push(...readGherkin(block, confidence).criteria);
      else if (block.type === 'quote') found.push(...readCriteria(block.children, confidence));
    }
  }
  flush();
  return group === undefined ? found : found.map((one) => ({ ...one, group }));

  function takeItem(item: ListItemBlock): void {
    const { text: raw, head, nested } = partsOf(item);
    const scenario = SCENARIO.exec(head);
    const parts = raw.split('\n').map(plainInline);
    if (scenario || (parts.length > 1 && parts.every((part) => stepOf(part)))) {
      flush();
      if (scenario) steps.name(scenario[1] || head, item.line);
      for (const [at, part] of parts.entries()) if (at > 0 || !scenario) steps.take(part, item.line + at);
      for (const block of nested) takeSteps(steps, block);
      flush();
      return;
    }
    if (!/\bthen\b/i.test(head.slice(4)) && steps.take(head, item.line)) {
      for (const block of nested) takeSteps(steps, block);
      return;
    }
    flush();
    const inner = nested.flatMap((block) =>
      block.type === 'list' ? block.items.flatMap((one) => wordsOf(one.children)) : [],
    );
    if (head === '') found.push(...readCriteria(nested, confidence));
    else if (/:$/.test(head) && inner.length > 0)
      found.push(...readCriteria(nested, confidence, head.replace(/:$/, '')));
    else found.push(criterion(head, stepOf(head) ? [head] : inner, item.line, item.endLine));
  }

  function criterion(words: string, scenarios: readonly string[], line: number, endLine: number): CriterionDraft {
    return { ...numberedCriterion(words), scenarios, confidence, line, endLine };
  }
}

function takeSteps(steps: Steps, block: Block): void {
  if (block.type === 'paragraph') for (const { text, line } of linesWith(block)) steps.take(text, line);
  if (block.type === 'list') for (const item of block.items) steps.take(partsOf(item).head, item.line);
}

function takeLine(steps: Steps, text: string, line: number): void {
  const scenario = SCENARIO.exec(text);
  if (scenario) steps.name(scenario[1] || text, line);
  else steps.take(text, line);
}

/** The lines of a paragraph, each with its number, without marks. */
export function linesWith(block: TextBlock): { text: string; line: number }[] {
  return block.text.split('\n').map((line, at) => ({ text: plainInline(line), line: block.line + at }));
}

function tableCriteria(table: TableBlock, confidence: number): CriterionDraft[] {
  const columns = table.header.map((cell) => columnOf(plainInline(cell)));
  const heads = table.header.map((cell) => plainInline(cell).toLowerCase());
  const given = ['given', 'when', 'then'].map((word) => heads.indexOf(word));
  const at = ['criteria', 'description', 'title']
    .map((name) => columns.indexOf(name as 'title'))
    .find((one) => one >= 0);
  return table.rows.flatMap(({ line, cells }) => {
    const cell = (index: number | undefined) => plainInline(cells[index ?? 0] ?? '');
    if (given[1] !== undefined && given[1] >= 0) {
      const words = ['Given', 'when', 'then'];
      const scenario = given
        .flatMap((index, step) => (index >= 0 && cell(index) ? `${words[step]} ${cell(index)}` : []))
        .join(', ');
      return scenario ? { text: scenario, scenarios: [scenario], confidence, line, endLine: line } : [];
    }
    const text = cell(at ?? (columns[0] === 'id' ? 1 : 0));
    return text === '' ? [] : { ...numberedCriterion(text), scenarios: [], confidence, line, endLine: line };
  });
}

/** True for code that is written as scenarios. */
export function isGherkin(block: TextBlock): boolean {
  return (
    block.type === 'code' && /^\s*(?:@\S+\s+)*(?:Feature:|Scenario(?: Outline)?:|Background:|Given )/.test(block.text)
  );
}

/** The feature and scenarios of a block of Gherkin. */
export function readGherkin(block: TextBlock, confidence: number): { feature?: string; criteria: CriterionDraft[] } {
  if (!isGherkin(block)) return { criteria: [] };
  const steps = new Steps(confidence);
  let feature: string | undefined;
  let background = false;
  for (const [at, raw] of block.text.split('\n').entries()) {
    const text = raw.trim();
    // The fence is the block's first line.
    const line = Math.min(block.endLine, block.line + 1 + at);
    const named = /^Feature:\s*(.+)$/.exec(text);
    if (named) feature = named[1];
    else if (/^Background:/.test(text)) background = true;
    else if (SCENARIO.test(text) && !/^examples:/i.test(text)) {
      background = false;
      takeLine(steps, text, line);
    } else if (!background) steps.take(text, line);
  }
  steps.finish();
  return { ...(feature && { feature }), criteria: steps.found };
}
