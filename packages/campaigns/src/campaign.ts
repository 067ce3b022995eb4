import type { GivenLabels, RecipeSettings } from '@hearken/core';
import type { GridName, HeadSettings } from '@hearken/results';

/** How a model's network is computed. */
export type Provider = 'cpu' | 'webgpu' | 'cuda';

/** A model of a campaign. */
export interface CampaignModel {
  /** What rows and messages call it, different from those of all other models. */
  readonly name: string;
  /** `plugin:model`, or only the plugin for its first model. */
  readonly model: string;
  /** The model's weights, a file or folder; default: those that were downloaded. */
  readonly checkpoint?: string;
  /** Options for the plugin's `loadModel`. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Which weights to use if a checkpoint has several sets. */
  readonly weights?: string;
  /** How the network is computed. */
  readonly provider?: Provider;
}

/** How embeddings are scored: a probe with its settings, or a protocol, which prescribes them and its tasks. */
export interface CampaignEvaluation {
  /** What rows and messages call it, different from those of all other evaluations. */
  readonly name: string;
  /** Only the tasks of this protocol are scored. */
  readonly protocol?: string;
  /** What is trained on the embeddings. */
  readonly probe: string;
  /** The hyper-parameters to try. */
  readonly grid: GridName;
  /** How many combinations of them. */
  readonly gridPoints: number;
  /** Number of principal components, or below 1 the share of the variance to keep; default: no such step. */
  readonly pca?: number;
  /** The first seed. */
  readonly seed: number;
  /** How many seeds. */
  readonly seeds: number;
  /** Probe `head`: how models' own heads are scored. */
  readonly head?: CampaignHead;
  /** Probe `finetune`: how models themselves are trained. */
  readonly finetune?: CampaignRecipe;
}

/** How models are fine-tuned. */
export interface CampaignRecipe {
  /** Name of the recipe. */
  readonly recipe: string;
  /** Settings that differ from the recipe's. */
  readonly settings: RecipeSettings;
}

/** How models' own heads are scored, without training. */
export interface CampaignHead {
  /** Labels of the head for those of tasks that it names otherwise: the task's label, and one or more of the head. */
  readonly labelMap?: Readonly<Record<string, readonly string[]>>;
  /** Names of the head's labels; default: the checkpoint's. */
  readonly names?: GivenLabels;
  /** Answer from random crops; default: clips as a whole. */
  readonly crops?: NonNullable<HeadSettings['crops']>;
}

/** Training on some values of a column of `clips.csv`, and testing on others. */
export interface CampaignGeneralization {
  /** The column. */
  readonly column: string;
  /** Values for training and validation; default: all others. */
  readonly train?: readonly string[];
  /** Values for testing; default: all others. */
  readonly test?: readonly string[];
}

/** Several models on several tasks, each scored in one or several ways. */
export interface Campaign {
  /** At least one. */
  readonly models: readonly CampaignModel[];
  /** Task folders, archives, and folders that contain them. */
  readonly tasks: readonly string[];
  /** At least one. */
  readonly evaluations: readonly CampaignEvaluation[];
  /** Shares of the training clips, each for a separate result; default: all clips. */
  readonly trainFractions?: readonly number[];
  /** Which clips train and which test, if not as the tasks say. */
  readonly generalization?: CampaignGeneralization;
  /** Leave out clips that cannot be read. */
  readonly skipUnreadable?: boolean;
  /** Modules with custom metrics and probes, whose code is run. */
  readonly extensions?: readonly string[];
  /** Folder for the results. */
  readonly out?: string;
  /** Root of the cache. */
  readonly cache?: string;
  /** Threads for inference and probes. */
  readonly threads?: number;
}
