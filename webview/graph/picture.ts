/** Draws Mermaid text. Mermaid is loaded with the first picture, so that an empty or list view never pays for it. */

import type { Mermaid } from 'mermaid';
import type { Font } from '../shared/theme.js';

let loading: Promise<Mermaid> | undefined;
let serial = 0;

/** Far above what a view of 300 nodes needs: Mermaid draws a notice instead of the graph when a text is longer. */
const MAX_TEXT = 1_000_000;
const MAX_EDGES = 1_000;

/**
 * SVG markup of a diagram, laid out with `font`. Drawing is synchronous work of the page once Mermaid is there.
 *
 * @param measure an element that is laid out but not seen; Mermaid builds the picture in it to measure its text.
 * @throws what Mermaid throws when the text is no diagram.
 */
export async function drawPicture(text: string, font: Font, measure: HTMLElement): Promise<string> {
  loading ??= import('mermaid').then((module) => module.default);
  const mermaid = await loading.catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    suppressErrorRendering: true,
    theme: 'base',
    look: 'classic',
    layout: 'dagre',
    htmlLabels: true,
    // Stadiums are drawn by a sketching library; without a seed their points differ from time to time.
    handDrawnSeed: 1,
    maxTextSize: MAX_TEXT,
    maxEdges: MAX_EDGES,
    fontFamily: font.family,
    themeVariables: { fontFamily: font.family, fontSize: `${font.size}px` },
    // Lines are already cut, so labels must never be wrapped again.
    flowchart: { wrappingWidth: 600, useMaxWidth: false, nodeSpacing: 22, rankSpacing: 76, padding: 8, curve: 'basis' },
  });
  serial += 1;
  try {
    // The page's stylesheet says what a state looks like; the text's own styles are for those who have no theme.
    const { svg } = await mermaid.render(`graph-${serial}`, text.replace(/^ *classDef .*\n/gm, ''), measure);
    return svg;
  } finally {
    measure.replaceChildren();
  }
}
