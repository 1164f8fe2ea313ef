/** The page's line to the extension host. */

interface VsCodeApi<State> {
  postMessage(message: unknown): void;
  getState(): State | undefined;
  setState(state: State): void;
}

declare function acquireVsCodeApi<State>(): VsCodeApi<State>;

export interface Host<Outgoing, Incoming, State> {
  post(message: Outgoing): void;
  /** Calls `listener` with every message of the extension host. */
  listen(listener: (message: Incoming) => void): void;
  getState(): State | undefined;
  setState(state: State): void;
}

/** VS Code allows this once a page. */
export function connectHost<Outgoing, Incoming, State>(): Host<Outgoing, Incoming, State> {
  const api = acquireVsCodeApi<State>();
  return {
    post: (message) => api.postMessage(message),
    listen: (listener) => window.addEventListener('message', (event) => listener(event.data as Incoming)),
    getState: () => api.getState(),
    setState: (state) => api.setState(state),
  };
}
