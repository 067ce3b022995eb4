import type { RuntimeOptions } from '@hearken/core';

/** A tensor outside the graph: row-major data and its shape. */
export interface Tensor {
  /** Row-major values: float32, int64 or bytes. */
  readonly data: Float32Array | BigInt64Array | Uint8Array;
  /** Sizes of the dimensions; empty for a scalar. */
  readonly shape: readonly number[];
}

/** A loaded graph. */
export interface Session {
  /** Which backend runs it, such as `onnxruntime-node 1.30.0 cpu, 2 threads`; in a browser it may change. */
  readonly backend: string;
  /**
   * Runs the graph once.
   *
   * @param inputs by input name
   * @param outputs names to compute (default: all), or tensors to write into, by output name
   */
  run(
    inputs: Readonly<Record<string, Tensor>>,
    outputs?: readonly string[] | Readonly<Record<string, Tensor>>,
  ): Promise<Record<string, Tensor>>;
  /** Frees the session; calling it again does nothing. */
  dispose(): Promise<void>;
}

/** Watches over files that a session maps by their names, so that it holds what was read and hashed under them before. */
export interface ExternalGuard {
  /** Called once the files are mapped. @throws where one of them is another file than the one that was opened */
  readonly loaded: () => Promise<void>;
  /** Called after each inference. @throws where one of them was changed in place */
  readonly inUse: () => Promise<void>;
}

/** Where a graph's external tensors are: in files of a folder on Node.js, in named contents in a browser. */
export interface ExternalData {
  /** Absolute folder that locations start from. */
  readonly folder?: string;
  /** Contents by location. */
  readonly files?: ReadonlyMap<string, Blob>;
  /** Sees to it that files of the folder are those that were opened; contents in a browser stay as they are. */
  readonly guard?: ExternalGuard;
}

/** How a graph is loaded. */
export interface SessionOptions extends RuntimeOptions {
  /** Where the graph's external tensors are; absent: the graph holds all of its weights. */
  readonly external?: ExternalData;
  /**
   * Whether idle threads wait in a loop for the next piece of work, which makes graphs of many small nodes faster, and
   * everything else on the machine slower; default: true. Browsers decide on their own.
   */
  readonly spin?: boolean;
}

/** Loads a serialised graph. */
export type SessionFactory = (model: Uint8Array, options?: SessionOptions) => Promise<Session>;
