import type { ReportProfile } from '../read/report-profile.js';
import type { ReportResult, ReportScore } from '../read/report-result.js';

/** The category of a task: HEAR's three domains, the health groups, synthetic, or unknown. */
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
  /** Its title on the HEAR leaderboard, else the task's id, with the metric if another column has the same id. */
  readonly key: string;
  readonly slug: string;
  /** The same for all columns of a task with several metrics. */
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
  /** Number of test clips; null if unknown, as for published scores. */
  readonly clips: number | null;
  /** Number of groups that the clips belong to; null if unknown. */
  readonly groups: number | null;
  /** The score of giving every clip the same answer; null if unknown. */
  readonly chance: number | null;
  /** Further metrics of our result that clinicians read, with their intervals. */
  readonly clinical: readonly (ReportScore & { readonly metric: string })[];
  /** Divided by the score of the best HEAR 2021 submission. */
  readonly normalized: number | null;
  /** HEAR's standardised and winsorised score. */
  readonly standardized: number | null;
  readonly secondsPerClip: number | null;
  /** Why it is not directly comparable with the other scores of its task. */
  readonly marks: readonly string[];
  /** The result that it comes from; several if a task has several folders. */
  readonly results: readonly ReportResult[];
}

/** The mean over a model's HEAR tasks. */
export interface BoardMean {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly tasks: number;
}

/** A model in the table: ours, from results, or others', from a published table. */
export interface BoardModel {
  readonly name: string;
  readonly slug: string;
  readonly origin: 'ours' | 'published';
  /** `plugin:model`, or the source of the published figures. */
  readonly source: string;
  readonly url: string | null;
  readonly notes: readonly string[];
  readonly parameters: number | null;
  readonly macs: number | null;
  readonly secondsPerClip: number | null;
  /** What it costs, as measured by `hearken profile` on some machines; the latest first. */
  readonly costs: readonly ReportProfile[];
  readonly probe: string | null;
  readonly harnessVersions: readonly string[];
  /** Mean normalised score; null if no HEAR task counts. */
  readonly normalized: BoardMean | null;
  readonly standardized: BoardMean | null;
  /** By the task's key. */
  readonly scores: ReadonlyMap<string, BoardScore>;
  /** All its results, including those replaced by another one of the same task. */
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
