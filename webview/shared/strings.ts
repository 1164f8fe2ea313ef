/** The page's sentences, which the host puts into its HTML. */

/** Reads the strings element; what it lacks is taken from the English defaults. */
export function loadStrings<T extends Readonly<Record<string, string>>>(defaults: T): { [K in keyof T]: string } {
  const text = document.getElementById('strings')?.textContent;
  return { ...defaults, ...(text ? (JSON.parse(text) as Partial<T>) : {}) };
}

/** Puts values in the places of `{0}`, `{1}`, … */
export function format(template: string, ...values: readonly (string | number)[]): string {
  return template.replace(/\{(\d+)\}/g, (place, index) => String(values[Number(index)] ?? place));
}
