/** What a reply takes at most unless its caller wants all of it: bytes, as it is sent, with the text that repeats it. */
export const REPLY_BYTES = 8 * 1024;
/** Around the result itself: what a protocol needs to send it. */
const ENVELOPE_BYTES = 160;
/** A text of fewer characters is never cut: names, ids and sentences stay whole. */
const SHORT = 160;
/** Of what was cut so many places are told; the rest is counted. */
const TOLD = 12;

type Reply = Readonly<Record<string, unknown>>;

const encoder = new TextEncoder();

/** Bytes that a reply takes when it is sent as data and once more as text. */
export function replyBytes(reply: unknown): number {
  const text = JSON.stringify(reply);
  return bytes(text) + bytes(JSON.stringify(text)) + ENVELOPE_BYTES;
}

/** True where there is nothing to cut. */
export function fits(reply: unknown): boolean {
  return replyBytes(reply) <= REPLY_BYTES;
}

/** The most entries, at least one and at most `all`, with which a reply that grows with them fits. */
export function howManyFit(all: number, reply: (count: number) => unknown): number {
  if (all <= 1 || fits(reply(all))) return all;
  let [fitting, tooMany] = [1, all];
  while (tooMany - fitting > 1) {
    const middle = (fitting + tooMany) >> 1;
    if (fits(reply(middle))) fitting = middle;
    else tooMany = middle;
  }
  return fitting;
}

/**
 * The reply itself where it is small enough. Else its longest texts and lists are cut, the longest first; `truncated` and
 * `omitted`, which says where and how much, are added. What is left is of the same shape. The same reply is always cut in
 * the same way.
 */
export function cutToFit(reply: Reply): Record<string, unknown> {
  if (fits(reply)) return { ...reply };
  const cut = structuredClone(reply) as Record<string, unknown>;
  const kept = new Map<string, { readonly what: string; readonly of: number; left: number }>();
  const marked = () => ({ ...cut, truncated: true, omitted: told([...kept]) });
  while (!fits(marked())) {
    const longest = findLongest(cut);
    if (!longest) break;
    const { holder, key, path } = longest;
    const value = holder[key] as string | unknown[];
    const left = typeof value === 'string' ? Math.max(SHORT, value.length >> 1) : value.length >> 1;
    holder[key] = typeof value === 'string' ? shortened(value, left) : value.slice(0, left);
    const before = kept.get(path);
    if (before) before.left = left;
    else kept.set(path, { what: typeof value === 'string' ? 'characters' : 'entries', of: value.length, left });
  }
  return marked();
}

function told(kept: [string, { what: string; of: number; left: number }][]): string[] {
  const said = kept.slice(0, TOLD).map(([path, { what, of, left }]) => `${path}: ${left} of ${of} ${what}`);
  return kept.length > TOLD ? [...said, `and ${kept.length - TOLD} other places`] : said;
}

interface Place {
  readonly holder: Record<string | number, unknown>;
  readonly key: string | number;
  readonly path: string;
  readonly size: number;
}

/** The text or list that takes most, of those that may be cut; the first of them where several do. */
function findLongest(value: object, above = ''): Place | undefined {
  let longest: Place | undefined;
  const consider = (place: Place | undefined) => {
    if (place && (!longest || place.size > longest.size)) longest = place;
  };
  const holder = value as Record<string | number, unknown>;
  const isList = Array.isArray(value);
  for (const [name, inner] of Object.entries(value)) {
    const path = isList ? `${above}[${name}]` : above === '' ? name : `${above}.${name}`;
    const place = { holder, key: isList ? Number(name) : name, path };
    if (typeof inner === 'string' && inner.length > SHORT) consider({ ...place, size: inner.length });
    if (typeof inner !== 'object' || inner === null) continue;
    const deeper = findLongest(inner, path);
    consider(deeper);
    // A list as a whole takes more than anything in it; one long entry is shortened first.
    if (Array.isArray(inner) && inner.length > 0) {
      const size = JSON.stringify(inner).length;
      if (!deeper || deeper.size * 2 < size) consider({ ...place, size });
    }
  }
  return longest;
}

/** Never through the middle of a character. */
function shortened(text: string, length: number): string {
  const end = /[\ud800-\udbff]/.test(text[length - 2] ?? '') ? length - 2 : length - 1;
  return `${text.slice(0, end)}…`;
}

function bytes(text: string): number {
  return encoder.encode(text).length;
}
