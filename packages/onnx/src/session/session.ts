/** A tensor outside the graph: row-major data and its shape. */
export interface Tensor {
  readonly data: Float32Array | BigInt64Array | Uint8Array;
  readonly shape: readonly number[];
}

/** A loaded graph. */
export interface Session {
  /** Which backend runs it, such as `onnxruntime-node 1.30.0 cpu, 2 threads`. */
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
