// Makes packages/report/src/generated/published.ts from ../published/*.csv, so that no file is read at run time.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

const folder = new URL('../packages/report/src/', import.meta.url);
const names = readdirSync(new URL('published/', folder)).filter((name) => name.endsWith('.csv'));
const tables = names.sort().map((name) => {
  const [header, ...rows] = parse(readFileSync(new URL(`published/${name}`, folder), 'utf8'));
  // Every row of a file has the same source, in its last column.
  const sources = [...new Set(rows.map((row) => row.at(-1)))];
  if (header.at(-1) !== 'source' || sources.length !== 1) throw new Error(`${name}: not one source`);
  const lines = rows.map((row) => `      ${JSON.stringify(row.slice(0, -1))},\n`).join('');
  const columns = JSON.stringify(header.slice(0, -1));
  return `  ${JSON.stringify(name.replace(/\.csv$/, ''))}: {\n    source: ${JSON.stringify(sources[0])},\n    columns: ${columns},\n    rows: [\n${lines}    ],\n  },\n`;
});
mkdirSync(new URL('generated/', folder), { recursive: true });
writeFileSync(
  new URL('generated/published.ts', folder),
  `// Generated from published/*.csv by \`node scripts/generate-published-results.mjs\`; do not edit.

/** A table of published results: its cells as they were published. */
export interface PublishedTable {
  readonly source: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export const publishedTables = {
${tables.join('')}} as const satisfies Readonly<Record<string, PublishedTable>>;
`,
);
