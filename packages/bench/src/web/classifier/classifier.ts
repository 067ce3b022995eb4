/** What a classifier is trained on. */
export interface TrainClassifierRequest {
  /** One embedding per clip: `[clips, size]`. */
  readonly embeddings: Float32Array;
  /** Values per embedding. */
  readonly size: number;
  /** One label per clip. */
  readonly labels: readonly string[];
  /** `linear` (default): logistic regression whose strength is chosen by cross-validation. `mlp`: one hidden layer. */
  readonly probe?: 'linear' | 'mlp';
  /**
   * Number of folds of the cross-validation, at least 2; default: 5, and never more than the number of clips of the
   * rarest label.
   */
  readonly folds?: number;
  /** Determines all random numbers; default: 0. */
  readonly seed?: number;
  /** Called with the progress of training. */
  readonly onProgress?: (progress: ClassifierProgress) => void;
  /** Stops training; the promise then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
}

/** Progress of training. */
export interface ClassifierProgress {
  /** Finished trainings plus the finished share of the current one; never decreases. */
  readonly done: number;
  /** One training for each fold, and one on all clips. */
  readonly total: number;
}

/** A classifier of embeddings, with its accuracy on clips that it was not trained on. */
export interface Classifier {
  /** Each label once, sorted by code unit. */
  readonly labels: readonly string[];
  /** Share of clips whose label is predicted correctly, in cross-validation. */
  readonly accuracy: number;
  /** Mean over labels of the share of clips predicted correctly, in cross-validation. */
  readonly balancedAccuracy: number;
  /** Clips by true label (row) and predicted label (column), in the order of `labels`. */
  readonly confusion: number[][];
  /** For each clip, the label predicted by a training without it. */
  readonly predictions: string[];
  /** Number of folds of the cross-validation. */
  readonly folds: number;
  /**
   * Probabilities in the order of `labels`, by the classifier that was trained on all clips.
   *
   * @param embedding `[size]`
   * @throws EmbedderError for another size
   */
  classify(embedding: Float32Array): Promise<Float32Array>;
  /**
   * The classifier as an ONNX model: `embedding` `[n, size]` in, `probabilities` `[n, labels]` out. Its `metadata_props` have
   * `labels` (a JSON list), `size` and `probe`.
   */
  toOnnx(): Uint8Array<ArrayBuffer>;
  /** Frees the resources of `classify`; calling it again has no effect. */
  dispose(): Promise<void>;
}
