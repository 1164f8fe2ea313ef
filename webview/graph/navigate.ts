/** Where an arrow key leads in the picture: left and right along dependencies, up and down among siblings. */

import type { GraphEdge } from '../../src/protocol/graph.js';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** A node's middle in the picture. */
export interface Place {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

/** Nodes whose middles are this near in x stand in one column. */
const COLUMN = 40;

/**
 * The node that an arrow key leads to, or undefined at an edge of the picture. Left goes to the nearest task that comes
 * before, right to the nearest that comes after; where there is none, nowhere: a dependency must not seem to be there.
 * Up and down go to the nearest node of the same column, else to the nearest one above or below, so that each node of
 * an unconnected picture can be reached.
 */
export function neighbour(
  from: string,
  direction: Direction,
  places: readonly Place[],
  edges: readonly GraphEdge[],
): string | undefined {
  const here = places.find((place) => place.id === from);
  if (!here) return places[0]?.id;
  if (direction === 'left' || direction === 'right') {
    const ids = new Set(
      edges.flatMap((edge) => {
        if (direction === 'left') return edge.to === from ? [edge.from] : [];
        return edge.from === from ? [edge.to] : [];
      }),
    );
    return nearest(
      places.filter((place) => ids.has(place.id)),
      (place) => Math.abs(place.y - here.y) + Math.abs(place.x - here.x) / 1000,
    );
  }
  const sign = direction === 'up' ? -1 : 1;
  const beyond = places.filter((place) => place.id !== from && sign * (place.y - here.y) > 0.5);
  const column = beyond.filter((place) => Math.abs(place.x - here.x) < COLUMN);
  return nearest(
    column.length > 0 ? column : beyond,
    (place) => Math.abs(place.y - here.y) + Math.abs(place.x - here.x),
  );
}

function nearest(places: readonly Place[], cost: (place: Place) => number): string | undefined {
  let best: Place | undefined;
  for (const place of places) if (!best || cost(place) < cost(best)) best = place;
  return best?.id;
}
