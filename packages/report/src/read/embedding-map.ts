import type { ReportResult } from './report-result.js';
import type { ReportAnswers } from './scene-answers.node.js';

/** Test clips where their embeddings' first two principal components put them. */
export interface EmbeddingMap {
  readonly points: readonly { readonly x: number; readonly y: number; readonly labels: readonly number[] }[];
  /** Shares of the variance along both. */
  readonly explained: readonly [number, number];
  /** Test clips of which the points are a part, evenly drawn. */
  readonly clips: number;
}

/**
 * Projects the test clips of a result onto a plane; undefined where their embeddings are not at hand. The report knows no
 * embeddings: whoever keeps them passes this.
 */
export type EmbeddingMapReader = (result: ReportResult, answers: ReportAnswers) => Promise<EmbeddingMap | undefined>;
