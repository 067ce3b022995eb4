// Makes packages/tasks/src/hear-benchmark/generated/leaderboard.ts from ../published/hear-2021-leaderboard.csv, so that no file is
// read at run time.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

const folder = new URL('../packages/tasks/src/hear-benchmark/', import.meta.url);
const [[, , , ...tasks], ...rows] = parse(readFileSync(new URL('published/hear-2021-leaderboard.csv', folder), 'utf8'));
const entries = rows.map(([model, url, submitted, ...cells]) => {
  const scores = cells.map((cell) => (cell === '' ? null : Number(cell)));
  return `  ${JSON.stringify({ model, url, submitted, scores })},\n`;
});
mkdirSync(new URL('generated/', folder), { recursive: true });
writeFileSync(
  new URL('generated/leaderboard.ts', folder),
  `// Generated from published/hear-2021-leaderboard.csv by \`node scripts/generate-hear-leaderboard.mjs\`; do not edit.

/** One submission to the HEAR leaderboard. */
export interface LeaderboardRow {
  readonly model: string;
  readonly url: string;
  /** \`HEAR 2021\` for the challenge itself, else a date. */
  readonly submitted: string;
  /** Test scores in the order of \`leaderboardTasks\`; null where there is none. */
  readonly scores: readonly (number | null)[];
}

/** The tasks of the leaderboard, in the order of its columns. */
export const leaderboardTasks = ${JSON.stringify(tasks)} as const;

/** Source: https://hearbenchmark.com/hear-leaderboard.html */
export const leaderboard: readonly LeaderboardRow[] = [
${entries.join('')}];
`,
);
