/**
 * A warning where a description asks for a specialist (`specialist:database`) and the one who takes part is another one;
 * undefined where it asks for none or nothing is known of the agent.
 */
export function specialistMismatch(description: string | undefined, specialty: string | undefined): string | undefined {
  const required = /\bspecialist:\s*([\p{L}\p{N}_-]+)/u.exec(description ?? '')?.[1];
  const has = specialty?.trim();
  if (!required || !has || required.toLowerCase() === has.toLowerCase()) return undefined;
  return `warning: specialist mismatch (required=${required}, agent=${has})`;
}
