import type { EmbedOptions } from '../embed-options.js';
import type { Provenance } from '../embedder.js';
import type { LoadOptions } from '../load-options.js';
import type { ModelSource } from '../model-source.js';
import type { SignalBatch } from '../signals.js';
import type { TrainingRecipe } from './recipe.js';

/** What a plugin offers for training its models. */
export interface PluginTraining {
  /** Its own recipes by name, besides those that suit every model. */
  readonly recipes?: Readonly<Record<string, TrainingRecipe>>;
  /**
   * Opens a checkpoint whose weights are to be trained. The options are those of `load`.
   *
   * @throws CheckpointError for a checkpoint that cannot be trained, OptionError for an option that it cannot have
   */
  open(checkpoint: ModelSource | undefined, options: LoadOptions): Promise<TrainableModel>;
}

/** How a clip becomes what the network is trained on. */
export interface ExampleForm {
  /** The most samples of a clip that one example holds. */
  readonly samples: number;
  /** Sizes of the prepared example, without the batch. */
  readonly shape: readonly number[];
}

/** Where the weights of a graph are that are not in it: in files of a folder, or in browsers in named blobs. */
export interface WeightFiles {
  /** Absolute folder that locations are relative to. */
  readonly folder?: string;
  /** Contents by location. */
  readonly files?: ReadonlyMap<string, Blob>;
}

/** What is asked of a network that is trained. */
export interface NetworkRequest {
  /** Number of logits of the new head. */
  readonly outputs: number;
  /** The form of its examples. */
  readonly form: ExampleForm;
  /** The recipe's `network`: what the graph has besides the plain way from examples to logits. */
  readonly variant?: string;
  /** Shares of values that dropout drops, by the plugin's names of the places; absent: none. */
  readonly dropout?: Readonly<Record<string, number>>;
}

/** A tensor of a new head: an input of the graph. */
export interface HeadTensor {
  /** Its name in the graph, and in checkpoints. */
  readonly name: string;
  /** Sizes of its dimensions. */
  readonly shape: readonly number[];
  /** How it begins: all elements the same, or normally distributed around 0 with this deviation. */
  readonly initial:
    | {
        /** That of all elements. */
        readonly value: number;
      }
    | {
        /** Standard deviation around 0. */
        readonly deviation: number;
      };
  /** Whether it is a running statistic of a batch norm, which no gradient changes. */
  readonly isStatistic?: boolean;
}

/** An input that multiplies values: 0 drops one, 1 / (1 - `probability`) keeps it. */
export interface DropoutInput {
  /** Its name in the graph. */
  readonly name: string;
  /** Sizes of its dimensions; `n` is the batch. */
  readonly shape: readonly (number | 'n')[];
  /** Share of values that are dropped. */
  readonly probability: number;
}

/** A network from prepared examples to logits. */
export interface TrainableNetwork {
  /**
   * Serialised ONNX model: `input` `[n, ...]` and the tensors of the head in, `logits` `[n, outputs]` out, with what the
   * variant adds. Weights that may be trained are initializers named `checkpoint/<name>`, or all floating-point ones if
   * none is named so.
   */
  readonly model: Uint8Array<ArrayBuffer>;
  /** Name of the input for examples. */
  readonly input: string;
  /** The new head. */
  readonly head: readonly HeadTensor[];
  /** Inputs for dropout. */
  readonly dropout?: readonly DropoutInput[];
  /** Sizes by name that the model's recipes need for further inputs, such as its number of patches. */
  readonly sizes?: Readonly<Record<string, number>>;
}

/** A file of a saved model. */
export interface SavedFile {
  /** A plain file name. */
  readonly name: string;
  /** Its content, in one piece or several. */
  readonly parts: readonly Uint8Array[];
}

/** What a training changed. */
export interface TrainedWeights {
  /** Trained parameters and running statistics by their names in the graph, the head's among them. */
  readonly tensors: ReadonlyMap<string, Float32Array>;
  /** Names of the logits. */
  readonly labels: readonly string[];
  /** Whether one label holds, or any number of them; absent for a model that predicts numbers. */
  readonly kind?: 'multiclass' | 'multilabel';
}

/**
 * A model whose weights can be trained. Everything that follows from a checkpoint alone is decided when it is opened;
 * weights are read when they are asked for.
 */
export interface TrainableModel {
  /** Sample rate that signals must have, in Hz. */
  readonly sampleRate: number;
  /** 1 for audio, 12 for ECG. */
  readonly channels: number;
  /** Which checkpoint it is. */
  readonly provenance: Omit<Provenance, 'backend' | 'execution'>;
  /** Where the weights of its networks are. */
  readonly weights?: WeightFiles;
  /**
   * Prefixes of the names of parameters, one for each block of layers from the input to the output; default: found in
   * the names by their numbers.
   */
  readonly blocks?: readonly string[];
  /**
   * The form of the examples of clips.
   *
   * @param seconds length of the clips; undefined if they differ
   */
  form(seconds: number | undefined): ExampleForm;
  /**
   * Prepares signals of at most `form.samples` samples as the model prepares them for embeddings; shorter ones are
   * padded as there.
   *
   * @returns `[count, ...form.shape]`
   */
  prepare(signals: SignalBatch, form: ExampleForm, options?: EmbedOptions): Promise<Float32Array>;
  /** Makes the graph of a network with a new head. */
  network(request: NetworkRequest): TrainableNetwork;
  /** Reads the stored values of a parameter, by its name in the graph. */
  readParameter(name: string): Promise<Float32Array>;
  /**
   * The files of a checkpoint with trained weights, in the layout of the model's authors: the plugin loads it again.
   *
   * @throws OptionError for weights that it has no layout for
   */
  save(trained: TrainedWeights): Promise<readonly SavedFile[]>;
  /** Frees its sessions; calling it again does nothing. */
  dispose(): Promise<void>;
}
