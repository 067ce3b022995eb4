import type { Grouping, SoundEvent, TaskMetadata } from '../task.js';
import type { ClipProblem, ProblemChoice } from './clip-problems.js';
import type { PlannedClip } from './planned-clip.js';
import type { SourceFolder } from './source-folder.node.js';

/** What a split's JSON says of one clip: labels, events, or numbers for regression. */
export type ClipContent = readonly string[] | readonly SoundEvent[] | number;

/** One clip of one task. */
export interface PlannedEntry {
  readonly clip: PlannedClip;
  readonly split: string;
  readonly content: ClipContent;
}

/** One task folder to write. */
export interface PlannedTask {
  /** `task_name`, and what `--variant` names. */
  readonly name: string;
  readonly description: string;
  readonly modality: TaskMetadata['modality'];
  readonly embeddingType: TaskMetadata['embeddingType'];
  readonly predictionType: TaskMetadata['predictionType'];
  readonly splitMode: TaskMetadata['splitMode'];
  /** Splits in the order of `task_metadata.json`. */
  readonly splits: readonly string[];
  /** Metric names; the first one decides. */
  readonly evaluation: readonly string[];
  /** `evaluation_params`. */
  readonly evaluationParams?: Readonly<Record<string, unknown>>;
  /** Labels by vocabulary index; of a regression task its targets. */
  readonly labels: readonly string[];
  /** Seconds that every clip has; default null. */
  readonly sampleDuration?: number | null;
  /** Lead names of an ECG task. */
  readonly leads?: readonly string[];
  readonly entries: readonly PlannedEntry[];
  /**
   * Groups that a published split is known to divide, and that are kept so that scores can be compared: each is warned of.
   * `all` where the split divides people by design. Any other divided group is an error.
   */
  readonly sharedGroups?: readonly string[] | 'all';
  /** Default: the plan's. */
  readonly grouping?: Grouping;
  /** What had to be decided about it, in whole sentences. */
  readonly warnings?: readonly string[];
}

/** What a dataset's annotations come to: tasks, and figures to compare with the published ones. */
export interface DatasetPlan {
  readonly tasks: readonly PlannedTask[];
  /** By the names in the dataset's `expectedCounts`. */
  readonly counts: Readonly<Record<string, number>>;
  /** What had to be made of the annotations, in whole sentences. */
  readonly warnings: readonly string[];
  /** What annotations were taken for, in whole sentences. */
  readonly notes?: readonly string[];
  /** Recordings that the annotations name and that are not there. Tasks have no clips of them. */
  readonly problems?: readonly ClipProblem[];
  /** What the clips' groups are. */
  readonly grouping: Grouping;
  /** Hz of the clips, where it is not the dataset's usual rate. */
  readonly sampleRate?: number | 'source';
}

/** How the generic datasets are to be read. */
export interface TableOptions {
  /** Task name of a generic dataset. */
  readonly name?: string;
  /** CSV file, relative to the source folder; default: its only CSV. */
  readonly table?: string;
  /** Column of the recording's path, relative to the table; default: found by its name. */
  readonly fileColumn?: string;
  /** One column with the label, or several of 0 and 1 (or of numbers for regression). */
  readonly labelColumns?: readonly string[];
  /** Separates several labels in one cell; makes the task multilabel. */
  readonly labelSeparator?: string;
  /** Column of the person; `none` where no two rows share one. */
  readonly groupColumn?: string;
  /** Column of the split; default: found by its name. */
  readonly splitColumn?: string;
  /** Default: all other columns. */
  readonly metadataColumns?: readonly string[];
  /** A regular expression over a file's path whose first group names the person; `none` where no two files share one. */
  readonly groupPattern?: string;
  /** What is predicted; default: as the labels suggest. */
  readonly predictionType?: TaskMetadata['predictionType'];
  /** Makes that many folds by group, where the data names no split; 1: train, valid and test. Default: as the data allows. */
  readonly folds?: number;
  /** What rows with a start and an end are: events in their file (default), or clips to cut out of it. */
  readonly times?: 'events' | 'clips';
  /** Unit of columns of times whose names do not say it; default seconds. */
  readonly timeUnit?: 's' | 'ms';
}

/** What the caller wants of a conversion, as far as it concerns the reading of annotations. */
export interface PlanOptions extends TableOptions, ProblemChoice {
  /** For the splits that are made here; default 0. */
  readonly seed: number;
  /** Hz that the clips are wanted at; default: what the dataset says. */
  readonly sampleRate?: number;
}

/** A dataset that can be made into tasks: what it is, and how its download is read. */
export interface Dataset {
  /** What `hearken tasks make` calls it. */
  readonly name: string;
  /** Its name as its authors write it. */
  readonly title: string;
  /** The page to download it from. */
  readonly url: string;
  /** Its licence, as its authors state it. */
  readonly license: string;
  /** The paper to cite. */
  readonly citation: string;
  /** Files that the source folder must hold, for a person. */
  readonly layout: string;
  /** Hz of the clips, unless the caller asks for another rate; `source`: the highest rate that a recording has. */
  readonly sampleRate: number | 'source';
  /** Tasks that it makes, for a person: patterns such as `icbhi_{2,4}class_{official,folds}`. */
  readonly makes: string;
  /**
   * Published figures, the first of which tells whether the download is whole. Where that one agrees, all others must.
   */
  readonly expectedCounts: Readonly<Record<string, number>>;
  /** Reads the annotations: no audio is decoded. Throws TaskError naming file and line. */
  plan(source: SourceFolder, options: PlanOptions): Promise<DatasetPlan>;
}
