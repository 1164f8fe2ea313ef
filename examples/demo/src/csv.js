/** @import { Link } from './store.js' */

const HEADER = ['slug', 'short_url', 'url', 'created_at', 'expires_at', 'clicks_30d'];

/**
 * Links as CSV after RFC 4180: CRLF, quotes doubled.
 * @param {Link[]} links
 * @param {string} baseUrl
 * @param {(slug: string) => number} clicks
 */
export function linksToCsv(links, baseUrl, clicks) {
  // TODO: stream row by row; 100,000 links are a 11 MB string today.
  const rows = links.map((link) => [
    link.slug,
    `${baseUrl}/${link.slug}`,
    link.url,
    link.createdAt,
    link.expiresAt ?? '',
    clicks(link.slug),
  ]);
  return [HEADER, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/**
 * A slug may start with "-", which a spreadsheet takes for a formula: such a field gets a leading apostrophe.
 * @param {string | number} value
 */
export function field(value) {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
