/** The parts of a commander's intent: why a task is done, what comes of it, and when it is done. */
const PARTS = ['WHY', 'WHAT', 'DONE'] as const;

/** A part that is shorter says too little. */
const FEWEST_WORDS = 2;

/** What a task that is given to somebody should carry, in the lines that seed 000's tool prints. */
export const INTENT_ADVICE: readonly string[] = [
  "🎯 Commander's Intent Recommendation:",
  '   For optimal agent coordination, consider adding --context with:',
  '   WHY: [reason] WHAT: [3-5 deliverables] DONE: [success criteria]',
];

/** Advice on the context of a task, a line each; none for one that says why, what, and when it is done. */
export function intentAdvice(context: string): string[] {
  const missing = PARTS.filter((part) => partOf(context, part) === undefined);
  if (missing.length > 0) {
    return [
      `⚠️ Commander's Intent Warning: Missing Commander's Intent components: ${missing.join(', ')}`,
      '📋 For best results, include: WHY: [reason] WHAT: [deliverables] DONE: [criteria]',
    ];
  }
  const thin = PARTS.filter((part) => wordsIn(partOf(context, part) ?? '') < FEWEST_WORDS);
  if (thin.length === 0) return [];
  const says = {
    WHY: 'say in WHY what it is for',
    WHAT: 'name in WHAT 3 to 5 deliverables',
    DONE: 'say in DONE how it is seen',
  };
  return [`💡 Commander's Intent: Quality suggestions: ${thin.map((part) => says[part]).join('; ')}`];
}

function partOf(context: string, part: (typeof PARTS)[number]): string | undefined {
  return new RegExp(`\\b${part}:(.*?)(?=\\b(?:${PARTS.join('|')}):|$)`, 's').exec(context)?.[1]?.trim();
}

function wordsIn(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}
