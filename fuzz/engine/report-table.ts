import type { TargetReport } from './run-target.js';
import type { Target } from './target.js';

const columns = [
  'target',
  'inputs',
  'read',
  'typed errors',
  'untyped errors',
  'hangs',
  'ends',
  'largest memory',
  'slowest',
];

/** The reports of a run, one line per target in order, and their total. */
export function reportTable(reports: readonly TargetReport[], targets: readonly Target[]): string {
  const order = targets.map(({ name }) => name);
  const sorted = [...reports].sort((left, right) => order.indexOf(left.target) - order.indexOf(right.target));
  const sum = (field: 'inputs' | 'read' | 'refused' | 'wrong' | 'hangs' | 'ends') =>
    reports.reduce((total, report) => total + report[field], 0);
  const most = (field: 'memory' | 'slowest') => Math.max(0, ...reports.map((report) => report[field]));
  const rows = [
    columns,
    ...sorted.map(rowOf),
    rowOf({
      ...{
        target: 'all',
        seed: 0,
        slowestSeed: 0,
        milliseconds: 0,
        inputs: sum('inputs'),
        read: sum('read'),
        refused: sum('refused'),
      },
      ...{
        wrong: sum('wrong'),
        hangs: sum('hangs'),
        ends: sum('ends'),
        memory: most('memory'),
        slowest: most('slowest'),
      },
    }),
  ];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  ');
  return `${rows.map(line).join('\n')}\n`;
}

function rowOf({ target, inputs, read, refused, wrong, hangs, ends, memory, slowest }: TargetReport): string[] {
  const counts = [inputs, read, refused, wrong, hangs, ends].map(String);
  return [target, ...counts, `${Math.round(memory / 2 ** 20)} MiB`, `${Math.round(slowest)} ms`];
}
