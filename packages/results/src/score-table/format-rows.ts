import { csvText } from './csv-text.js';
import { recipeOfTrained } from '../result/finetune-settings.js';
import { scoreColumns, type ScoreRow } from './score-row.js';

/** Text formats; Parquet is the only other format. */
export const textFormats = ['table', 'csv', 'markdown', 'latex', 'json'] as const;

type Cell = string | number | boolean | null;

/** All columns and exact numbers, as CSV (RFC 4180) in which spreadsheets see no formulas. */
export function csvRows(rows: readonly ScoreRow[]): string {
  const cells = (row: ScoreRow) => scoreColumns.map(({ name }) => plain(row[name]));
  return csvText({ columns: scoreColumns.map(({ name }) => name), rows: rows.map(cells) });
}

function plain(cell: Cell): string | number | null {
  return typeof cell === 'boolean' ? String(cell) : cell;
}

/** All columns and exact numbers, as one JSON document. */
export function jsonRows(rows: readonly ScoreRow[]): string {
  const documents = rows.map((row) => Object.fromEntries(scoreColumns.map(({ name }) => [name, row[name]])));
  return `${JSON.stringify(documents, undefined, 2)}\n`;
}

/** A table for people: headings, rounded cells, and which columns hold numbers. */
export interface ReadableTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly numbers: readonly string[];
}

interface ReadableColumn {
  readonly heading: string;
  readonly text: (row: ScoreRow) => string;
  readonly isNumber?: boolean;
  /** The column is omitted unless this is true for some row. */
  readonly isNeeded?: (row: ScoreRow) => boolean;
}

const readableColumns: readonly ReadableColumn[] = [
  { heading: 'model', text: ({ model }) => model },
  { heading: 'task', text: ({ task }) => task },
  { heading: 'across', text: ({ across }) => across ?? '-', isNeeded: ({ across }) => across !== null },
  { heading: 'metric', text: ({ metric }) => metric },
  { heading: 'probe', text: probeText },
  { heading: 'seed', text: ({ seed, seeds }) => seedText(seed, seeds), isNumber: true },
  {
    heading: 'trained on',
    text: ({ train_fraction: fraction }) => String(fraction),
    isNumber: true,
    isNeeded: ({ train_fraction: fraction }) => fraction !== 1,
  },
  { heading: 'score', text: ({ score }) => decimals(score), isNumber: true },
  { heading: 'interval', text: intervalText, isNumber: true },
  { heading: 'n', text: ({ clips }) => count(clips), isNumber: true },
  { heading: 'groups', text: ({ groups }) => count(groups), isNumber: true, isNeeded: ({ groups }) => groups !== null },
  {
    heading: 'left out',
    text: ({ left_out: leftOut }) => String(leftOut),
    isNumber: true,
    isNeeded: ({ left_out: leftOut }) => leftOut > 0,
  },
  {
    heading: 'chance',
    text: ({ chance }) => decimals(chance),
    isNumber: true,
    isNeeded: ({ chance }) => chance !== null,
  },
  { heading: 'file', text: ({ file }) => file },
];

/** The rows for people: rounded to four decimals, without empty columns. */
export function readableTable(rows: readonly ScoreRow[]): ReadableTable {
  const named = namesOfModels(rows);
  const shown = readableColumns.filter(({ isNeeded }) => isNeeded === undefined || rows.some(isNeeded));
  return {
    head: shown.map(({ heading }) => heading),
    rows: rows.map((row) => shown.map(({ text }) => text({ ...row, model: named(row) }))),
    numbers: shown.filter(({ isNumber }) => isNumber === true).map(({ heading }) => heading),
  };
}

/** Names for models; those with the same name also get what differs: the beginning of the checkpoint's hash, or the options. */
function namesOfModels(rows: readonly ScoreRow[]): (row: ScoreRow) => string {
  const seen = new Map<string, { checkpoints: Set<string | null>; options: Set<string> }>();
  for (const { model, checkpoint, options } of rows) {
    const same = seen.get(model) ?? { checkpoints: new Set(), options: new Set() };
    seen.set(model, same);
    same.checkpoints.add(checkpoint);
    same.options.add(options);
  }
  return ({ model, checkpoint, options }) => {
    const same = seen.get(model);
    const hash = same !== undefined && same.checkpoints.size > 1 ? ` (${checkpoint?.slice(0, 8) ?? 'no file'})` : '';
    return model + hash + (same !== undefined && same.options.size > 1 && options !== '{}' ? ` ${options}` : '');
  };
}

function seedText(seed: number | null, seeds: number | null): string {
  if (seed === null) return '-';
  return seeds === null || seeds <= 1 ? String(seed) : `${seed} to ${seed + seeds - 1}`;
}

function intervalText({ low, high, confidence }: ScoreRow): string {
  if (low === null || high === null) return '-';
  const level = confidence === null ? '' : ` (${Number((100 * confidence).toPrecision(4))}%)`;
  return `${decimals(low)} to ${decimals(high)}${level}`;
}

function count(value: number | null): string {
  return value === null ? '-' : String(value);
}

function decimals(value: number | null): string {
  return value === null ? '-' : value.toFixed(4);
}

/** The table in GitHub's Markdown, with all markup in results escaped. */
export function markdownTable({ head, rows, numbers }: ReadableTable): string {
  const line = (cells: readonly string[]) => `| ${cells.map(markdownText).join(' | ')} |\n`;
  const rule = head.map((name) => (numbers.includes(name) ? ' ---: ' : ' --- ')).join('|');
  return `${line(head)}|${rule}|\n${rows.map(line).join('')}`;
}

/** Text in which Markdown sees no markup, mentions or links. */
export function markdownText(text: string): string {
  // A zero-width space keeps @ from mentioning a user, and :// from becoming a link.
  return text.replace(/[\\`*_{}[\]<>()#+!|~&$-]/g, '\\$&').replace(/@|:\/\//g, '$&\u200b');
}

/** The table as a LaTeX `tabular`, with rules from the package booktabs. */
export function latexTable({ head, rows, numbers }: ReadableTable): string {
  const line = (cells: readonly string[]) => `${cells.map(latexText).join(' & ')} \\\\\n`;
  const columns = head.map((name) => (numbers.includes(name) ? 'r' : 'l')).join('');
  return (
    `% Needs \\usepackage{booktabs}\n\\begin{tabular}{${columns}}\n\\toprule\n${line(head)}\\midrule\n` +
    `${rows.map(line).join('')}\\bottomrule\n\\end{tabular}\n`
  );
}

const latexMarks: Readonly<Record<string, string>> = {
  ...{ '\\': '\\textbackslash{}', '~': '\\textasciitilde{}', '^': '\\textasciicircum{}' },
  ...{ '<': '\\textless{}', '>': '\\textgreater{}', '|': '\\textbar{}', '"': '\\textquotedbl{}' },
  ...{ '&': '\\&', '%': '\\%', $: '\\$', '#': '\\#', _: '\\_', '{': '\\{', '}': '\\}' },
};

function latexText(text: string): string {
  return text.replace(/[\\~^<>|"&%$#_{}]/g, (mark) => latexMarks[mark]);
}

/** `head` alone could be a head that was trained. */
function probeText({ probe, pca }: Pick<ScoreRow, 'probe' | 'pca'>): string {
  if (probe === 'head') return 'pretrained head';
  const recipe = recipeOfTrained(probe);
  if (recipe !== undefined) return `fine-tuned (${recipe})`;
  return pca === null ? probe : `${probe}, PCA ${pca}`;
}
