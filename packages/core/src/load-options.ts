/** How the session computes; never part of a model's identity. */
export interface RuntimeOptions {
  /** Number of threads for one inference call; default: all cores. */
  readonly threads?: number;
  /** Default: `cpu` on Node.js; in a browser `webgpu` if there is an adapter, else `wasm`. */
  readonly executionProvider?: 'cpu' | 'webgpu' | 'cuda' | 'wasm';
  /** How much ONNX Runtime may optimise the graph before it runs; default: `all`. */
  readonly graphOptimization?: 'disabled' | 'basic' | 'extended' | 'all';
  /**
   * Called with the progress of a checkpoint's download in a browser.
   *
   * @param total bytes, if the server says
   */
  readonly onDownload?: (received: number, total: number | undefined) => void;
  /** Cancels loading; the promise then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
}

/** Options of `loadModel`: the model's name, how it runs, and the plugin's own options. */
export interface LoadOptions {
  /** Model name within the plugin; default: the one that the checkpoint identifies, or the plugin's first. */
  readonly model?: string;
  /** How the session computes. */
  readonly runtime?: RuntimeOptions;
  readonly [option: string]: unknown;
}
