/** What Hearken's packages share of this one. Not for others: names here change without notice. */
export type { EmbeddingMap, EmbeddingMapReader } from './read/embedding-map.js';
export type { ReportResult } from './read/report-result.js';
export type { ReportAnswers } from './read/scene-answers.node.js';
export { html } from './site/html.js';
