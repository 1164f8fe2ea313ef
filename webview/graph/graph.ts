/** Entry of the graph page. */

import './graph.css';
import './picture.css';
import type { GraphPanelState, GraphToHost, HostToGraph } from '../../src/protocol/graph.js';
import { GRAPH_STRINGS } from '../../src/protocol/graphStrings.js';
import { connectHost } from '../shared/host.js';
import { loadStrings } from '../shared/strings.js';
import { onThemeChange } from '../shared/theme.js';
import { buildPage } from './page.js';
import { Panel } from './panel.js';

const strings = loadStrings(GRAPH_STRINGS);
const host = connectHost<GraphToHost, HostToGraph, GraphPanelState>();
const panel = new Panel(buildPage(strings), strings, host);

// Colours are CSS variables and follow by themselves; a new font changes sizes, and only then is anything drawn again.
onThemeChange(() => void panel.refresh());
host.listen((message) => {
  if (message.type === 'snapshot') panel.show(message);
});
host.post({ type: 'ready' });
