import type { TrainingSettings } from './graph/contracts.js';

/** What is differentiated, with respect to what. */
export interface DifferentiateOptions extends TrainingSettings {
  /** The output whose gradients are computed: a scalar. */
  readonly loss: string;
  /**
   * The trained parameters: names of initializers or inputs. Initializers become inputs of the graph, so that an
   * optimiser can keep them in tensors of its own. All other weights stay where they are.
   */
  readonly parameters: readonly string[];
  /** Outputs of the model that are computed besides the loss and the gradients; default: none. */
  readonly outputs?: readonly string[];
  /**
   * Values through which no gradient passes: PyTorch's `detach`. Names of values of the graph; one that is also used with
   * its gradient first goes through an `Identity` node.
   */
  readonly detached?: readonly string[];
  /** Sizes of dimensions that the model only names, such as `{ n: 8 }`. */
  readonly dimensions?: Readonly<Record<string, number>>;
  /**
   * Makes batch norms use the statistics of the batch, as PyTorch does in training mode; default: the running ones. The
   * running statistics become inputs, and their new values outputs.
   */
  readonly batchStatistics?: BatchStatistics;
}

/** How batch norms keep running statistics. */
export interface BatchStatistics {
  /** PyTorch's momentum, the share of the new batch: 0.1 by default there, 0.01 in EfficientAT. */
  readonly momentum: number;
}

/** An input of a training graph that is kept from step to step. */
export interface TrainedParameter {
  /** Name of the input: that of the initializer. */
  readonly name: string;
  /** Sizes of its dimensions; its elements are float32. */
  readonly shape: readonly number[];
  /** Name of the output with its gradient. */
  readonly gradient: string;
}

/** A running mean or variance of a batch norm. */
export interface RunningStatistic {
  /** Name of the input: that of the initializer. */
  readonly name: string;
  /** Sizes of its dimensions; its elements are float32. */
  readonly shape: readonly number[];
  /** Name of the output with its new value. */
  readonly updated: string;
}

/** A graph that computes a loss and its gradients. */
export interface TrainingGraph {
  /** Serialised ONNX model. Weights that were in external files still are. */
  readonly model: Uint8Array<ArrayBuffer>;
  /**
   * An estimate of the memory of a step: the most bytes that inputs, weights, gradients and intermediate values take at
   * once, if nodes run in their order. A runtime needs somewhat more. Values of unknown sizes, in a front end that is not
   * differentiated, don't count.
   */
  readonly peakBytes: number;
  /** Name of the output with the loss. */
  readonly loss: string;
  /** Names of the model's outputs that are computed, the loss among them. */
  readonly outputs: readonly string[];
  /** Those whose gradients are computed. */
  readonly parameters: readonly TrainedParameter[];
  /** Parameters that the loss doesn't depend on: they are neither inputs, nor is there a gradient. */
  readonly withoutGradient: readonly string[];
  /** What `batchStatistics` updates. */
  readonly statistics: readonly RunningStatistic[];
}
