import type { ReportResult, ReportScore } from '../read/report-result.js';

/** What kind of task it is: HEAR's three domains, the health groups, and what is made or not known. */
export const categories = [
  'speech',
  'music',
  'general',
  'lungs',
  'coughs and breath',
  'heart',
  'synthetic',
  'other',
] as const;
export type Category = (typeof categories)[number];

/** A task in the table. */
export interface BoardTask {
  /** Its title on the HEAR leaderboard, else the task's id, with the metric where another column has that id. */
  readonly key: string;
  readonly slug: string;
  /** The same for the columns of one task by several metrics. */
  readonly taskId: string;
  readonly category: Category;
  readonly metric: string;
  /** The version of a custom metric; null for built-in ones. */
  readonly metricVersion: string | null;
  /** What the metric is, if it may be a custom one; default: Hearken's description. */
  readonly metricSummary?: string;
  readonly maximize: boolean;
  readonly isHear: boolean;
}

/** A score in the table. */
export interface BoardScore {
  readonly score: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly deviation: number | null;
  /** Test clips; null where that is not known, as of published scores. */
  readonly clips: number | null;
  /** Groups that the clips come in; null where that is not known. */
  readonly groups: number | null;
  /** What the same answer for every clip would score; null where that is not known. */
  readonly chance: number | null;
  /** Further metrics of our result that a clinician reads, with their intervals. */
  readonly clinical: readonly (ReportScore & { readonly metric: string })[];
  /** Over the best HEAR 2021 submission's. */
  readonly normalized: number | null;
  /** HEAR's standardised and winsorised score. */
  readonly standardized: number | null;
  readonly secondsPerClip: number | null;
  /** Why it cannot simply be put beside the others of its task. */
  readonly marks: readonly string[];
  /** Our result that it comes from; several where a task has several folders. */
  readonly results: readonly ReportResult[];
}

/** The mean over a model's HEAR tasks. */
export interface BoardMean {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly tasks: number;
}

/** A model in the table: ours, from results, or theirs, from a published table. */
export interface BoardModel {
  readonly name: string;
  readonly slug: string;
  readonly origin: 'ours' | 'published';
  /** `plugin:model`, or where the published figures come from. */
  readonly source: string;
  readonly url: string | null;
  readonly notes: readonly string[];
  readonly parameters: number | null;
  readonly macs: number | null;
  readonly secondsPerClip: number | null;
  readonly probe: string | null;
  readonly harnessVersions: readonly string[];
  /** Mean normalised score; null where no HEAR task counts. */
  readonly normalized: BoardMean | null;
  readonly standardized: BoardMean | null;
  /** By the task's key. */
  readonly scores: ReadonlyMap<string, BoardScore>;
  /** Every result of it, those that another one of the same task replaced included. */
  readonly results: readonly ReportResult[];
}

/** Scores of one model on one task by the share of the training clips. */
export interface EfficiencyCurve {
  readonly model: string;
  readonly task: string;
  readonly points: readonly {
    readonly fraction: number;
    readonly score: number;
    readonly low: number | null;
    readonly high: number | null;
  }[];
}

export interface Leaderboard {
  readonly tasks: readonly BoardTask[];
  readonly models: readonly BoardModel[];
  readonly curves: readonly EfficiencyCurve[];
  /** What readers of the whole table should know. */
  readonly notes: readonly string[];
}
