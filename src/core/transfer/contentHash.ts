/**
 * Tells contents apart: 64 bits as 16 hexadecimal characters, by two FNV-1a hashes of the code units with different
 * starts. For noticing changes, not against people who make collisions on purpose.
 */
export function contentHash(text: string): string {
  let [low, high] = [0x811c9dc5, 0x050c5d1f];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ (unit + 0x9e37), 0x01000193) ^ (low >>> 15);
  }
  return hex(low) + hex(high);
}

/** An id of 8 hexadecimal characters that follows from a text; `attempt` counts on where it is taken. */
export function idFrom(text: string, attempt = 0): string {
  return contentHash(attempt === 0 ? text : `${text}\0${attempt}`).slice(0, 8);
}

function hex(number: number): string {
  return (number >>> 0).toString(16).padStart(8, '0');
}
