import type { ModelSource, RuntimeOptions } from '@hearken/core';
import type { ModelFiles } from './checkpoint/model-files.js';
import type { MatrixSource } from './graph/weights.js';
import type { BuiltInPrecision, Precision } from './quantization/precision.js';
import type { SessionFactory } from './session/session.js';

/**
 * What differs between Node.js and browsers for a plugin: where checkpoints are, and what runs graphs. A plugin is
 * given `nodeRuntime` of `@hearken/onnx/node` or `webRuntime` of `@hearken/onnx/web`; all other code is the same.
 */
export interface Runtime {
  /** Loads a serialised graph. */
  readonly createSession: SessionFactory;
  /**
   * Opens a checkpoint. Only headers are read.
   *
   * @throws CheckpointError for anything that is not a checkpoint, OptionError for a kind of source that this runtime
   *   can't read
   */
  openModelFiles(source: ModelSource, options?: RuntimeOptions): Promise<ModelFiles>;
  /**
   * Builds a model's graph in the requested precision.
   *
   * In `int8`, the matrices that `build` requests from its `MatrixSource` are quantised: weights by output, once, and
   * kept for later calls; inputs by token, when the graph runs. All other weights are copied into the graph unchanged.
   * The checkpoint is then no longer needed. `build` is called twice.
   *
   * @param build adds the matrices of linear layers with the given source, as `linearWeights`, `vitEncoderLayer` and
   * the encoders do, and returns the serialised graph and anything else that the caller needs
   * @param options the same as for the session that will run the graph
   * @throws what `build` throws; CheckpointError for weights that are not finite, FileError if nothing can be stored
   */
  buildInPrecision<
    Built extends {
      /** Serialised ONNX model. */
      readonly graph: Uint8Array;
    },
  >(
    files: ModelFiles,
    precision: Precision,
    build: (matrices: MatrixSource) => Built,
    options?: RuntimeOptions,
  ): Promise<BuiltInPrecision<Built>>;
}
