import type { ComparedResult, Comparison, TaskComparison } from '../compare/compare-results.node.js';
import { tableText } from './table.js';

const sides = ['A', 'B'] as const;

/** The table of a comparison, and what is needed to read it. */
export function compareText(comparison: Comparison): string {
  const { comparisons, failures, alone, level } = comparison;
  const numbers = ['A', 'B', 'A - B', '95% interval', 'p', 'p, corrected'];
  const rows = [
    ...comparisons.map((one) => [
      one.task,
      one.metric,
      ...one.scores.map((score) => score.toFixed(4)),
      signed(one.difference),
      one.interval === null ? '-' : `${signed(one.interval.low)} to ${signed(one.interval.high)}`,
      probability(one.pValue),
      probability(one.adjustedPValue),
      verdict(one),
    ]),
    ...failures.map(({ task }) => [task, 'not compared', ...numbers.map(() => ''), '']),
  ];
  const only = alone.flatMap((tasks, side) =>
    tasks.length === 0 ? [] : [`Only ${sides[side]} has: ${tasks.join(', ')}\n`],
  );
  return [
    ...sides.map((side, index) =>
      sideText(
        side,
        comparisons.map(({ results }) => results[index]),
      ),
    ),
    tableText(['task', 'metric', ...numbers, 'verdict'], rows, numbers),
    ...comparisons.map(delongText),
    ...only,
    `A difference counts as real where p, corrected for ${count(comparisons.length, 'task')} (Holm), is below ${level}.\n`,
    "p: both models' answers exchanged clip by clip. Interval: other draws of the test clips.\n",
  ].join('');
}

function sideText(side: string, results: readonly ComparedResult[]): string {
  const kinds = new Set(
    results.map(({ model, evaluation: { probe, seed, seeds, pca } }) => {
      const components = pca === null ? '' : `, pca ${pca}`;
      const first = seeds > 1 ? `, the first of ${seeds} probe seeds` : '';
      return `${model}, probe ${probe}${components}, seed ${seed}${first}`;
    }),
  );
  return kinds.size === 0 ? '' : `${side}: ${[...kinds].join('; ')}\n`;
}

function delongText({ task, delong }: TaskComparison): string {
  if (delong === undefined) return '';
  const { label, difference, standardError, pValue } = delong;
  return `${task}: DeLong's test of the area of '${label}': ${signed(difference)}, standard error ${standardError.toFixed(4)}, p ${probability(pValue)}, not corrected\n`;
}

function verdict({ better }: TaskComparison): string {
  return better === null ? 'no difference shown' : `${sides[better]} is better`;
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(4)}`;
}

function probability(p: number): string {
  return p < 1e-4 ? '<0.0001' : p.toFixed(4);
}

function count(value: number, what: string): string {
  return `${value} ${what}${value === 1 ? '' : 's'}`;
}

/** The document that `--json` prints. */
export function compareJson({ comparisons, failures, alone, level }: Comparison): string {
  const document = {
    level,
    comparisons: comparisons.map(({ task, metric, results, scores, better, ...rest }) => ({
      task,
      metric,
      a: { ...jsonSide(results[0]), score: scores[0] },
      b: { ...jsonSide(results[1]), score: scores[1] },
      ...rest,
      better: better === null ? null : (['a', 'b'] as const)[better],
    })),
    failures: failures.map(({ task, error: { message, asked, found, fix } }) => ({
      task,
      error: message,
      asked,
      found,
      fix,
    })),
    onlyInA: alone[0],
    onlyInB: alone[1],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function jsonSide({ path, model, evaluation }: ComparedResult) {
  return { model, evaluation, file: path };
}
