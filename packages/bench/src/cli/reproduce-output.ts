import { modelName } from '@hearken/results';
import { evaluationText, type ComparedScore } from '@hearken/results/internal';
import type { ComparedPredictions } from '@hearken/results/internal/node';
import type { Reproduction } from '../run/reproduce.node.js';
import { tableText } from './table.js';

/** More rows that differ than these say nothing new; `--json` has all. */
const mostRows = 40;

/** What was computed again, what it gave, on which machines, and the verdict in the last line. */
export function reproductionText(tolerance: number, reproduction: Reproduction): string {
  const { recorded, here, path, scores, predictions, environment } = reproduction;
  const shown = scores.filter(({ of, isEqual }) => of === 'mean' || !isEqual);
  const rows = shown
    .slice(0, mostRows)
    .map((score) => [score.metric, score.of, number(score.recorded), number(score.here), differenceText(score)]);
  const numbers = ['in the result', 'here', 'difference'];
  return [
    `${recorded.task.id}, ${modelName(recorded.model)}, ${evaluationText(recorded.evaluation)}\n`,
    tableText(['metric', 'of', ...numbers], rows, numbers),
    shown.length > mostRows ? `${shown.length - mostRows} more scores differ: --json lists them.\n` : '',
    predictionsText(predictions, recorded.evaluation.seeds),
    tableText(
      ['', 'in the result', 'here'],
      environment.map((row) => [row.what, row.recorded, row.here === row.recorded ? 'the same' : row.here]),
    ),
    here.cachedClips > 0 ? `The embeddings of ${here.cachedClips} clips were in the cache.\n` : '',
    path === undefined ? '' : `New result: ${path}\n`,
    `${verdict(tolerance, reproduction)}\n`,
  ].join('');
}

function verdict(tolerance: number, { isEqual, scores, predictions }: Reproduction): string {
  const values = predictions.reduce((sum, one) => sum + one.values, 0);
  const what = `${scores.length} scores${values === 0 ? '' : ` and ${values} predictions`}`;
  if (isEqual) return `Equal: ${what}, within ${tolerance}.`;
  const wrong = scores.filter((score) => !score.isEqual).length;
  const beyond = predictions.filter((one) => !one.isEqual).length;
  const parts = [
    ...(wrong === 0 ? [] : [`${wrong} of ${scores.length} scores`]),
    ...(beyond === 0 ? [] : [wrong === 0 ? 'the predictions, but no score' : 'the predictions']),
  ];
  return `Different: ${parts.join(' and ')} by more than ${tolerance}.`;
}

function predictionsText(predictions: readonly ComparedPredictions[], seeds: number): string {
  if (predictions.length === 0) return 'Predictions: not stored beside the result, so not compared.\n';
  return predictions
    .map(({ seed, values, changed, largest }) => {
      const of = seeds > 1 ? ` of seed ${seed}` : '';
      if (largest === null) return `Predictions${of}: of other rows or labels.\n`;
      if (changed === 0) return `Predictions${of}: all ${values} are the same, bit by bit.\n`;
      return `Predictions${of}: ${changed} of ${values} differ, by at most ${largest.toPrecision(2)}.\n`;
    })
    .join('');
}

function number(value: number | null | undefined): string {
  if (value === undefined) return 'missing';
  return value === null ? 'undefined' : value.toFixed(4);
}

function differenceText({ recorded, here }: ComparedScore): string {
  if (typeof recorded !== 'number' || typeof here !== 'number') return recorded === here ? '-' : 'different';
  const difference = here - recorded;
  if (difference === 0) return '0';
  return `${difference > 0 ? '+' : ''}${difference.toPrecision(2)}`;
}

/** The document that `--json` prints. */
export function reproductionJson(file: string, tolerance: number, reproduction: Reproduction): string {
  const { recorded, here, path, scores, predictions, environment, isEqual } = reproduction;
  const document = {
    result: file,
    equal: isEqual,
    tolerance,
    task: recorded.task.id,
    model: modelName(recorded.model),
    evaluation: recorded.evaluation,
    scores: scores.map(({ isEqual: equal, ...score }) => ({ ...score, equal })),
    predictions: predictions.map(({ isEqual: equal, ...one }) => ({ ...one, equal })),
    versions: {
      inTheResult: { harness: recorded.harness, model: recorded.model, machine: recorded.machine },
      here: { harness: here.harness, model: here.model, machine: here.machine },
    },
    environment,
    cachedClips: here.cachedClips,
    newResult: path ?? null,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
