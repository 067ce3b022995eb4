/** What Hearken's other packages use of this one. Not a public interface: names change without notice. */
export type { EmbeddingMap, EmbeddingMapReader } from './read/embedding-map.js';
export type { ReportResult } from './read/report-result.js';
export type { ReportAnswers } from './read/scene-answers.node.js';
export { html } from './site/html.js';
