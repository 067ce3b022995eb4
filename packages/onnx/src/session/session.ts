import type { Execution, RuntimeOptions } from '@hearken/core';

/** A tensor outside the graph: row-major data and its shape. */
export interface Tensor {
  /** Row-major values: float32, int64 or bytes. */
  readonly data: Float32Array | BigInt64Array | Uint8Array;
  /** Sizes of the dimensions; empty for a scalar. */
  readonly shape: readonly number[];
}

/** A loaded graph. */
export interface Session {
  /** The backend that runs it, such as `onnxruntime-node 1.30.0 cpu, 2 threads`; in a browser it may change. */
  readonly backend: string;
  /** The same in parts, for an embedder's provenance. */
  readonly execution?: Execution;
  /**
   * Runs the graph once.
   *
   * @param inputs by input name
   * @param outputs names of the outputs to compute (default: all), or by output name tensors to write into; null for a
   *   new one
   */
  run(
    inputs: Readonly<Record<string, Tensor>>,
    outputs?: readonly string[] | Readonly<Record<string, Tensor | null>>,
  ): Promise<Record<string, Tensor>>;
  /** Frees the session; calling it again does nothing. */
  dispose(): Promise<void>;
}

/** Checks files that a session maps by name, so that it uses the contents that were read and hashed before. */
export interface ExternalGuard {
  /** Called once the files are mapped. @throws if one of them is not the file that was opened */
  readonly loaded: () => Promise<void>;
  /** Called after each inference. @throws if one of them was changed in place */
  readonly inUse: () => Promise<void>;
}

/** Where a graph's external tensors are: in files of a folder on Node.js, in named blobs in a browser. */
export interface ExternalData {
  /** Absolute folder that locations are relative to. */
  readonly folder?: string;
  /** Contents by location. */
  readonly files?: ReadonlyMap<string, Blob>;
  /** Checks that files of the folder are those that were opened; contents in a browser can't change. */
  readonly guard?: ExternalGuard;
}

/** Options for loading a graph. */
export interface SessionOptions extends RuntimeOptions {
  /** Where the graph's external tensors are; absent: the graph contains all of its weights. */
  readonly external?: ExternalData;
  /**
   * Whether idle threads spin while they wait for work, which makes graphs of many small nodes faster and everything
   * else on the machine slower; default: true. Browsers ignore it.
   */
  readonly spin?: boolean;
  /**
   * Whether the first run is kept as a plan by which later ones take all memory at once, which is some percent faster but
   * needs the plan's block besides what the first run took; default: true. Training is far larger with it.
   */
  readonly memoryPlan?: boolean;
}

/** Loads a serialised graph. */
export type SessionFactory = (model: Uint8Array, options?: SessionOptions) => Promise<Session>;

/** Whether outputs are only named, not given. */
export function isNames(
  outputs: readonly string[] | Readonly<Record<string, Tensor | null>>,
): outputs is readonly string[] {
  return Array.isArray(outputs);
}
