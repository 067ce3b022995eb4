/**
 * The leaderboard site: result files in, pages with tables, pictures and published scores out. Runs on Node.js.
 *
 * @packageDocumentation
 */
export { makeReport, type Report, type ReportOptions } from './make-report.node.js';
export type { EmbeddingMap, EmbeddingMapReader } from './read/embedding-map.js';
export type { ReportResult } from './read/report-result.js';
export type { ReportAnswers } from './read/scene-answers.node.js';
