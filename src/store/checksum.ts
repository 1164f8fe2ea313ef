const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** Of a value as JSON: what it is told by. */
export function checksumOf(value: unknown): string {
  return checksum(new TextEncoder().encode(JSON.stringify(value)));
}

/** CRC-32 (IEEE 802.3, as zlib and gzip), 8 hexadecimal characters. Written out: loading `node:zlib` costs each `tm` 2 ms. */
export function checksum(bytes: Uint8Array): string {
  let crc = 0xffffffff;
  for (let index = 0; index < bytes.length; index += 1) {
    crc = (TABLE[(crc ^ (bytes[index] as number)) & 0xff] as number) ^ (crc >>> 8);
  }
  return (~crc >>> 0).toString(16).padStart(8, '0');
}
