/** A setting of a recipe; its type is that of the recipe's default. */
export type RecipeSetting = number | string | boolean;

/**
 * The numbers of a recipe by name. Those that every recipe has are in `@hearken/train`'s `defaultSettings`; a recipe may
 * have more of its own.
 */
export type RecipeSettings = Readonly<Record<string, RecipeSetting>>;

/** Seeded random numbers. */
export interface RandomNumbers {
  /** Uniform over [low, high); default: [0, 1). */
  uniform(low?: number, high?: number): number;
  /** Normal with mean 0 and deviation 1. */
  normal(): number;
  /** A whole number from 0 to `count - 1`. */
  integer(count: number): number;
  /** A copy of a list in random order. */
  shuffle<Value>(values: readonly Value[]): Value[];
}

/** The examples of one step. */
export interface ExampleBatch {
  /** Prepared examples, `[count, ...shape]`; a recipe may change them in place. */
  readonly data: Float32Array;
  /** Number of examples. */
  readonly count: number;
  /** Sizes of one example. */
  readonly shape: readonly number[];
}

/** What a recipe does to a batch. */
export interface ChangedBatch {
  /** Further inputs of the network, by name; int64 for whole numbers. */
  readonly inputs?: Readonly<
    Record<
      string,
      {
        /** Row-major elements. */
        readonly data: Float32Array | BigInt64Array;
        /** Sizes of the dimensions. */
        readonly shape: readonly number[];
      }
    >
  >;
  /** For mixed losses: the partner of each example, a place in the batch, and the example's own share of the target. */
  readonly mix?: {
    /** Places in the batch. */
    readonly partners: readonly number[];
    /** From 0 to 1. */
    readonly shares: readonly number[];
  };
  /**
   * Parameters, by their names without `checkpoint/`, that have no gradient in this step, because their layer is
   * skipped: they and their optimiser's state stay as they are.
   */
  readonly withoutGradient?: (parameter: string) => boolean;
}

/**
 * How the logits are compared with the targets. `plain`: cross entropy, binary cross entropy, or squared error,
 * according to the task. `mixed`: the same with the targets of two examples (mixup). `patch-mix-contrast`: cross entropy,
 * and the contrastive loss of Patch-Mix between the outputs `projection` and `target`.
 */
export type RecipeLoss = 'plain' | 'mixed' | 'patch-mix-contrast';

/** Which weights a recipe trains besides the head. */
export type TrainedPart = 'head' | 'last-blocks' | 'low-rank' | 'all';

/** How a model is fine-tuned, as data and small functions. */
export interface TrainingRecipe {
  /** One line for `--help`. */
  readonly description: string;
  /** Its settings that differ from the defaults of all recipes, and its own. */
  readonly settings?: RecipeSettings;
  /** The variant of the network that it trains; default: the plain one. */
  readonly network?: string;
  /** The loss; default: `plain`. */
  readonly loss?: RecipeLoss;
  /** Which weights are trained; default: all. The settings `blocks` and `rank` say how many. */
  readonly trains?: TrainedPart;
  /**
   * Decides for single parameters, by their names without `checkpoint/`; called for those of the part that `trains`
   * names. `block` is the block that it belongs to, from 0: before the first -1, behind the last their number.
   */
  readonly accepts?: (parameter: string, settings: RecipeSettings, block: number, blocks: number) => boolean;
  /** What is trained besides the head in the first `freezingSteps` updates; default: nothing. */
  readonly trainsFirst?: (parameter: string, settings: RecipeSettings) => boolean;
  /** Learning rate of a parameter, if it differs from the setting `learningRate`. */
  readonly rateOf?: (parameter: string, settings: RecipeSettings, block: number, blocks: number) => number | undefined;
  /** Dropout by the plugin's names of places. */
  readonly dropout?: (settings: RecipeSettings) => Readonly<Record<string, number>>;
  /** Weight of each class in the loss, from the number of training examples of each; default: 1. */
  readonly classWeights?: (counts: readonly number[]) => readonly number[];
  /** Weight of a label's positive examples, from the numbers of examples with it and of all; default: 1. */
  readonly positiveWeight?: (positives: number, count: number) => number;
  /** Changes a batch before a step: augmentation, and draws for mixing. `sizes` are the network's. */
  readonly change?: (
    batch: ExampleBatch,
    random: RandomNumbers,
    settings: RecipeSettings,
    sizes: Readonly<Record<string, number>>,
  ) => ChangedBatch;
}
