/** The labels of a model's own head that stand for a label of a task. */
export interface HeadLabel {
  /** The task's label. */
  readonly label: string;
  /** Which of the head's labels, from 0; of several, the strongest counts. */
  readonly head: readonly number[];
  /** Their names. */
  readonly names: readonly string[];
}

/** How a model's own head answers for a task, without training. */
export interface HeadSettings {
  /** `multiclass`: one of the head's labels holds; `multilabel`: any number of them. */
  readonly kind: 'multiclass' | 'multilabel';
  /** Number of labels of the head. */
  readonly size: number;
  /** The task's labels in the order of its vocabulary. */
  readonly labels: readonly HeadLabel[];
  /**
   * Clips are answered from random crops, drawn with the evaluation's seed, whose probabilities are combined; absent if
   * they are answered as a whole.
   */
  readonly crops?: {
    /** Number of crops of a clip. */
    readonly count: number;
    /** Length of a crop in seconds. */
    readonly seconds: number;
    /** Mean or maximum of each label's probabilities. */
    readonly aggregate: 'mean' | 'max';
  };
}
