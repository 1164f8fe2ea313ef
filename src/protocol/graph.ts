/** Messages between the extension host and the graph webview. Snapshots, never deltas: a hidden webview loses messages. */

import type { WorkState } from '../core/model/workState.js';

/** One task as the picture shows it. */
export interface GraphNode {
  /** Mermaid node id, `t<number>`. */
  readonly id: string;
  /** The task's 8-character id. */
  readonly task: string;
  readonly number: number;
  readonly title: string;
  readonly state: WorkState;
  /** What a screen reader says: "T-14, title, waiting for T-4, unblocks 3". */
  readonly label: string;
}

export interface GraphEdge {
  /** Mermaid id of the task that comes first. */
  readonly from: string;
  readonly to: string;
}

/** A control offered in the banner; `command` comes back in a `banner` message. */
export interface GraphBannerAction {
  readonly command: 'more' | 'less' | 'front' | 'toggleDone';
  readonly title: string;
}

export interface GraphSnapshot {
  readonly type: 'snapshot';
  /** Mermaid text; empty when there is nothing to draw, and `message` says why. */
  readonly mermaid: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Mermaid id of the focused task, if the view has one. */
  readonly focus?: string;
  /** Names the view: two snapshots with the same key keep pan, zoom and keyboard position. */
  readonly viewKey: string;
  /** What is shown and why, one sentence. */
  readonly banner: string;
  readonly actions: readonly GraphBannerAction[];
  /** Said instead of a picture when there is nothing to draw. */
  readonly message?: string;
}

export type HostToGraph = GraphSnapshot;

export type GraphToHost =
  | { readonly type: 'ready' }
  /** A click or Enter on a node: reveal the task in the tree. */
  | { readonly type: 'activate'; readonly task: string }
  /** Double click or `f`: make this task the focus of the picture. */
  | { readonly type: 'focus'; readonly task: string }
  | { readonly type: 'banner'; readonly command: GraphBannerAction['command'] }
  | { readonly type: 'failed'; readonly message: string };
