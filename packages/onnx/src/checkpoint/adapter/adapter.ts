/** Low-rank adapters of linear layers, as PEFT's LoRA saves them. */
export interface LowRankAdapters {
  /** Inner width. */
  readonly rank: number;
  /** Numerator of the factor alpha / rank of an adapter's output. */
  readonly alpha: number;
  /** The two matrices of each adapter, by the name of the module: `encoder.layer.0.attention.attention.query`. */
  readonly modules: ReadonlyMap<string, AdapterMatrices>;
}

/** The matrices of one adapter: a layer's weight W is used as W + factor B A. */
export interface AdapterMatrices {
  /** A: float32 `[rank, inputs]`. */
  readonly down: AdapterMatrix;
  /** B: float32 `[outputs, rank]`. */
  readonly up: AdapterMatrix;
}

/** Values in memory. */
export interface AdapterMatrix {
  /** The values, row-major. */
  readonly data: Float32Array;
  /** Rows and columns. */
  readonly shape: readonly number[];
}

/** The folder's files. */
export const configName = 'adapter_config.json';
export const weightsName = 'adapter_model.safetensors';
/** What PEFT puts in front of a module's name. */
export const modulePrefix = 'base_model.model.';
