/** Messages between the extension host and the graph webview. Snapshots, never deltas: a hidden webview loses messages. */

import type { WorkState } from '../core/model/workState.js';

/** One task as the picture shows it, or a stub that stands for tasks outside the view. */
export interface GraphNode {
  /** Mermaid node id, `t<number>`; of a stub `s<number>`. */
  readonly id: string;
  /** The task's 8-character id; of a stub, the task beside it whose neighbours it stands for. */
  readonly task: string;
  readonly number: number;
  /** The full title; of a stub its label, "+12 more". */
  readonly title: string;
  readonly state: WorkState;
  readonly assignee?: string;
  /** What a screen reader says and the tooltip shows: "T-14, full title, waiting for T-4, unblocks 3". */
  readonly label: string;
  /** Activating a stub asks for the focus on its `task`, which brings the hidden neighbours into view. */
  readonly stub?: true;
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
  /** In reading order: what comes first is first. The list shows them so. */
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
  /** The page is up, or asks again after an error: send a snapshot. */
  | { readonly type: 'ready' }
  /** A click or Enter on a node: reveal the task in the tree. */
  | { readonly type: 'activate'; readonly task: string }
  /** Double click or `f`: make this task the focus of the picture. */
  | { readonly type: 'focus'; readonly task: string }
  | { readonly type: 'banner'; readonly command: GraphBannerAction['command'] }
  | { readonly type: 'failed'; readonly message: string };

/** What the page keeps with `setState`; VS Code hands it to the panel's serializer after a reload. */
export interface GraphPanelState {
  readonly viewKey?: string;
  /** 8-character id of the focused task, if the view had one. */
  readonly focusTask?: string;
  readonly mode: 'picture' | 'list';
  /** Node that has the keyboard, a Mermaid id. */
  readonly current?: string;
  /** Offset in CSS pixels and scale of the picture; absent until somebody moved it. */
  readonly view?: { readonly x: number; readonly y: number; readonly scale: number };
}
