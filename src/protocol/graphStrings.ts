/** Every sentence of the graph page in English. The host passes translations under the same keys; `{0}` is filled in. */

import type { WorkState } from '../core/model/workState.js';

const STATES: Readonly<Record<`state_${WorkState}`, string>> = {
  state_ready: 'Ready',
  state_in_progress: 'In progress',
  state_claimed: 'Claimed',
  state_waiting: 'Waiting for open dependencies',
  state_scheduled: 'Scheduled for later',
  state_blocked: 'Blocked',
  state_needs_decision: 'Needs decision: a dependency was cancelled',
  state_completed: 'Completed',
  state_cancelled: 'Cancelled',
};

export const GRAPH_STRINGS = {
  ...STATES,
  title: 'Dependency graph',
  toolbar: 'Graph controls',
  showList: 'Show as list',
  showPicture: 'Show as picture',
  legend: 'Legend',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  zoomReset: 'Zoom to 100 %',
  fit: 'Fit to window',
  help: 'Left and right arrows follow dependencies, up and down move between siblings. Enter shows the task in the tree, F makes it the focus, Escape returns to the controls.',
  loading: 'Drawing the graph…',
  drawn: '{0} tasks shown',
  empty: 'There is nothing to show here.',
  failed: 'The picture could not be drawn: {0}',
  retry: 'Try again',
  listAfter: 'after {0}',
  listBefore: 'before {0}',
  listFocus: 'in focus',
  legendWorking: 'In progress or claimed',
  legendStrong: 'On the way from the focus to its open roots',
  legendFocus: 'The task in focus',
  legendStub: 'Tasks outside this view',
} as const;

export type GraphStrings = Readonly<Record<keyof typeof GRAPH_STRINGS, string>>;
