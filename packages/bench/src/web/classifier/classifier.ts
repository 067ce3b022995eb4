/** What a classifier is trained on. */
export interface TrainClassifierRequest {
  /** One embedding a clip: `[clips, size]`. */
  readonly embeddings: Float32Array;
  /** Values of an embedding. */
  readonly size: number;
  /** One label a clip. */
  readonly labels: readonly string[];
  /** `linear` (default): logistic regression, its strength chosen by cross-validation. `mlp`: one hidden layer. */
  readonly probe?: 'linear' | 'mlp';
  /** Folds of the cross-validation, 2 or more; default 5, and never more than the rarest label has clips. */
  readonly folds?: number;
  /** Every number follows from it; default 0. */
  readonly seed?: number;
  /** Called as training goes on. */
  readonly onProgress?: (progress: ClassifierProgress) => void;
  /** Ends training; the promise then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
}

/** How far the training is. */
export interface ClassifierProgress {
  /** Trainings that are done, with the share of the one under way: never less than before. */
  readonly done: number;
  /** One for each fold, and one on all clips. */
  readonly total: number;
}

/** A classifier of embeddings, and how it did on clips that it had not seen. */
export interface Classifier {
  /** Each label once, sorted by code unit. */
  readonly labels: readonly string[];
  /** Share of clips whose label is predicted, in cross-validation. */
  readonly accuracy: number;
  /** Mean over the labels of the share of their clips that are predicted, in cross-validation. */
  readonly balancedAccuracy: number;
  /** Clips by true label (row) and predicted label (column), in the order of `labels`. */
  readonly confusion: number[][];
  /** For each clip the label that it got from a training without it. */
  readonly predictions: string[];
  /** Folds that the cross-validation had. */
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
  /** Frees what `classify` needs; calling it again does nothing. */
  dispose(): Promise<void>;
}
