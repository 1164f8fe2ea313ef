import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OutputBuffer } from '../../../../src/platform/execution/outputBuffer.js';
import { check } from '../../../support/check.js';

function bufferOf(limit: number, ...parts: Buffer[]): OutputBuffer {
  const buffer = new OutputBuffer(limit);
  for (const part of parts) buffer.add(part);
  return buffer;
}

describe('what is kept of a stream', () => {
  test('is its beginning; that it was cut is known, and that it just fitted too', () => {
    const cut = bufferOf(5, Buffer.from('abc'), Buffer.from('defg'), Buffer.from('h'));
    expect([cut.text(), cut.truncated, cut.total]).toEqual(['abcde', true, 8]);
    const whole = bufferOf(5, Buffer.from('abcde'));
    expect([whole.text(), whole.truncated]).toEqual(['abcde', false]);
    expect(new OutputBuffer(3).add(Buffer.from('abcd')).toString()).toBe('abc');
  });

  test('a text that comes in any pieces is the text, and cut is a beginning of it', () => {
    check(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), fc.array(fc.nat(9)), (text, limit, sizes) => {
        const clean = text.replaceAll('\0', '');
        const bytes = Buffer.from(clean);
        const parts: Buffer[] = [];
        let at = 0;
        for (const size of [...sizes, bytes.length]) {
          parts.push(bytes.subarray(at, at + size));
          at += size;
        }
        const kept = bufferOf(limit, ...parts);
        expect(clean.startsWith(kept.text())).toBe(true);
        expect(Buffer.byteLength(kept.text())).toBeGreaterThan(Math.min(limit, bytes.length) - 4);
        expect(kept.truncated).toBe(bytes.length > limit);
      }),
    );
  });

  test('any bytes make a text without NUL', () => {
    check(
      fc.property(fc.uint8Array({ maxLength: 50 }), fc.nat(40), (bytes, limit) => {
        const text = bufferOf(limit, Buffer.from(bytes)).text();
        expect(text).not.toContain('\0');
        expect(Buffer.from(text).toString()).toBe(text);
      }),
    );
  });
});
