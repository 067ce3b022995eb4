import type { ModelSource, RuntimeOptions } from '@hearken/core';
import type { ModelFiles } from './checkpoint/model-files.js';
import type { MatrixSource } from './graph/weights.js';
import type { BuiltInPrecision, Precision } from './quantization/precision.js';
import type { SessionFactory } from './session/session.js';

/**
 * What differs between Node.js and browsers for a plugin: where checkpoints are, and what runs graphs. A plugin takes
 * one, `nodeRuntime` of `@hearken/onnx/node` or `webRuntime` of `@hearken/onnx/web`; all else is the same code.
 */
export interface Runtime {
  /** Loads a serialised graph, to be run. */
  readonly createSession: SessionFactory;
  /**
   * Opens a checkpoint. Only headers are read.
   *
   * @throws CheckpointError for what is none, OptionError for a kind of source that this runtime cannot read
   */
  openModelFiles(source: ModelSource, options?: RuntimeOptions): Promise<ModelFiles>;
  /**
   * Builds a model's graph in the precision that was asked for.
   *
   * In `int8`, the matrices that `build` asks its `MatrixSource` for are quantised: weights once, by output, and kept for
   * later calls; inputs by token, when the graph runs. All other weights go into the graph as they are. The checkpoint is
   * then not needed any more. `build` is called twice.
   *
   * @param build adds the matrices of linear layers through the given source, as `linearWeights`, `vitEncoderLayer` and
   * the encoders do, and returns the serialised graph with whatever else it knows
   * @param options as for the session that will run the graph
   * @throws what `build` throws; CheckpointError for weights that are not finite, FileError where nothing can be kept
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
