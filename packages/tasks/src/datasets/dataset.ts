import type { Grouping, SoundEvent, TaskMetadata } from '../task.js';
import type { ClipProblem, ProblemChoice } from './clip-problems.js';
import type { PlannedClip } from './planned-clip.js';
import type { SourceFolder } from './source-folder.node.js';

/** A clip's entry in the split's JSON: labels, events, or numbers for regression. */
export type ClipContent = readonly string[] | readonly SoundEvent[] | number;

/** One clip of one task. */
export interface PlannedEntry {
  readonly clip: PlannedClip;
  readonly split: string;
  readonly content: ClipContent;
}

/** One task folder to write. */
export interface PlannedTask {
  /** `task_name`, which `--variant` selects. */
  readonly name: string;
  readonly description: string;
  readonly modality: TaskMetadata['modality'];
  readonly embeddingType: TaskMetadata['embeddingType'];
  readonly predictionType: TaskMetadata['predictionType'];
  readonly splitMode: TaskMetadata['splitMode'];
  /** Splits in the order of `task_metadata.json`. */
  readonly splits: readonly string[];
  /** Metric names; the first one is decisive. */
  readonly evaluation: readonly string[];
  /** `evaluation_params`. */
  readonly evaluationParams?: Readonly<Record<string, unknown>>;
  /** Labels by vocabulary index; for a regression task, its targets. */
  readonly labels: readonly string[];
  /** Length of every clip in seconds; default: null. */
  readonly sampleDuration?: number | null;
  /** Lead names of an ECG task. */
  readonly leads?: readonly string[];
  readonly entries: readonly PlannedEntry[];
  /**
   * Groups that a published split is known to divide and that stay divided, so that scores can be compared; each causes
   * a warning. `all`: the split divides people by design. Any other divided group is an error.
   */
  readonly sharedGroups?: readonly string[] | 'all';
  /** Default: the plan's. */
  readonly grouping?: Grouping;
  /** Decisions made about the task, in whole sentences. */
  readonly warnings?: readonly string[];
}

/** What is made from a dataset's annotations: tasks, and counts to compare with the published ones. */
export interface DatasetPlan {
  readonly tasks: readonly PlannedTask[];
  /** By the names in the dataset's `expectedCounts`. */
  readonly counts: Readonly<Record<string, number>>;
  /** What was changed or assumed in the annotations, in whole sentences. */
  readonly warnings: readonly string[];
  /** How annotations were interpreted, in whole sentences. */
  readonly notes?: readonly string[];
  /** Recordings that the annotations name but that are missing. Tasks have no clips from them. */
  readonly problems?: readonly ClipProblem[];
  /** What the clips' groups are. */
  readonly grouping: Grouping;
  /** Sample rate of the clips in Hz, if not the dataset's usual one. */
  readonly sampleRate?: number | 'source';
}

/** How to read the generic datasets. */
export interface TableOptions {
  /** Task name for a generic dataset. */
  readonly name?: string;
  /** CSV file, relative to the source folder; default: its only CSV. */
  readonly table?: string;
  /** Column of the recording's path, relative to the table; default: found by its name. */
  readonly fileColumn?: string;
  /** One column with the label, or several columns of 0 and 1 (or of numbers for regression). */
  readonly labelColumns?: readonly string[];
  /** Separates several labels in one cell; makes the task multilabel. */
  readonly labelSeparator?: string;
  /** Column that names the person; `none` if no two rows share a person. */
  readonly groupColumn?: string;
  /** Column of the split; default: found by its name. */
  readonly splitColumn?: string;
  /** Default: all other columns. */
  readonly metadataColumns?: readonly string[];
  /** A regular expression for file paths whose first group is the person; `none` if no two files share a person. */
  readonly groupPattern?: string;
  /** What to predict; default: depends on the labels. */
  readonly predictionType?: TaskMetadata['predictionType'];
  /** Number of folds by group, if the data has no splits; 1: train, valid and test. Default: depends on the data. */
  readonly folds?: number;
  /** What rows with a start and an end are: events in their file (default), or clips to cut out of it. */
  readonly times?: 'events' | 'clips';
  /** Unit of time columns whose names do not say it; default: seconds. */
  readonly timeUnit?: 's' | 'ms';
}

/** What the caller asks for, as far as it affects reading the annotations. */
export interface PlanOptions extends TableOptions, ProblemChoice {
  /** Seed for splits that are made here; default: 0. */
  readonly seed: number;
  /** Sample rate of the clips in Hz; default: the dataset's. */
  readonly sampleRate?: number;
}

/** A dataset that tasks can be made from: what it is, and how to read its download. */
export interface Dataset {
  /** Its name for `hearken tasks make`. */
  readonly name: string;
  /** Its name, as its authors write it. */
  readonly title: string;
  /** The page to download it from. */
  readonly url: string;
  /** Its licence, as its authors state it. */
  readonly license: string;
  /** The paper to cite. */
  readonly citation: string;
  /** Files that the source folder must have, as text for users. */
  readonly layout: string;
  /**
   * Sample rate of the clips in Hz, unless the caller asks for another; `source`: the highest rate of the recordings.
   */
  readonly sampleRate: number | 'source';
  /** Tasks that it makes, as text for users: patterns such as `icbhi_{2,4}class_{official,folds}`. */
  readonly makes: string;
  /** Published counts; the first one tells whether the download is complete. If it agrees, all others must. */
  readonly expectedCounts: Readonly<Record<string, number>>;
  /** Reads the annotations without decoding audio. Throws TaskError naming file and line. */
  plan(source: SourceFolder, options: PlanOptions): Promise<DatasetPlan>;
}
