/**
 * The leaderboard site: turns result files into pages with tables, pictures and published scores. Runs on Node.js.
 *
 * @packageDocumentation
 */
export { makeReport, type Report, type ReportOptions } from './make-report.node.js';
