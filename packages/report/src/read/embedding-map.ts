import type { ReportResult } from './report-result.js';
import type { ReportAnswers } from './scene-answers.node.js';

/** Test clips projected on the first two principal components of their embeddings. */
export interface EmbeddingMap {
  readonly points: readonly { readonly x: number; readonly y: number; readonly labels: readonly number[] }[];
  /** Shares of the variance along both. */
  readonly explained: readonly [number, number];
  /** Number of test clips from which the points were evenly drawn. */
  readonly clips: number;
}

/**
 * Projects the test clips of a result onto a plane; undefined if their embeddings are not available. The report has no
 * access to embeddings: the caller provides this function.
 */
export type EmbeddingMapReader = (result: ReportResult, answers: ReportAnswers) => Promise<EmbeddingMap | undefined>;
