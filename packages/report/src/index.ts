/**
 * The leaderboard site: result files in, pages with tables, pictures and published scores out. Runs on Node.js.
 *
 * @packageDocumentation
 */
export { makeReport, type Report, type ReportOptions } from './make-report.node.js';
