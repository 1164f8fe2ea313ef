import type { PluginDescription, PluginRequest } from '../../app/ports.js';

/** What `pluginRunner.js` is sent: one order, then it ends. */
export interface RunnerOrder {
  /** The plugin's module. */
  readonly file: string;
  readonly request: PluginRequest;
  /** The program `tm`. */
  readonly tm: string;
  readonly root: string;
  readonly folder: string;
  readonly actor: string;
}

/** What it sends back when it is done. */
export interface RunnerAnswer {
  readonly description?: PluginDescription;
  readonly error?: string;
}
