import { hasRowPerClip } from '../kinds/registry.js';
import { checkpointRecordOf, modelName } from '../models/model-name.js';
import { lineOf, numberOrNull, recordOf } from '@hearken/core/internal';
import type { ResultAt } from '../format/read-results.node.js';
import type { Result } from '../format/result.js';
import { trainedName } from '../result/finetune-settings.js';

/** One score of one result: a row of `hearken results`. Numbers are as stated in the result; null if it has none. */
export interface ScoreRow {
  /** Its name: `plugin:model`, or file name and hash of a custom checkpoint. */
  readonly model: string;
  /** `plugin:model`, whatever the checkpoint; not a column. */
  readonly architecture: string;
  /** SHA-256 of the model's file in hexadecimal; null for a model without one. */
  readonly checkpoint: string | null;
  /** Options of the model, as JSON; `{}` if there are none. */
  readonly options: string;
  /** Name, version and mode of the task. */
  readonly task: string;
  /** The column of `clips.csv` that separates training from test clips, if any. */
  readonly across: string | null;
  readonly metric: string;
  /** Whether this is the deciding metric: the task's first. */
  readonly decides: boolean;
  readonly probe: string;
  readonly pca: number | null;
  readonly seed: number | null;
  readonly seeds: number | null;
  /** The share of the training clips that the probe saw; 1 for all. */
  readonly train_fraction: number;
  /** Mean over folds and seeds; null if the metric is undefined. */
  readonly score: number | null;
  readonly deviation: number | null;
  /** Test clips. */
  readonly clips: number | null;
  /** Number of groups, such as people, in the test clips. */
  readonly groups: number | null;
  /** Clips of the task that could not be read and were left out. */
  readonly left_out: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Confidence level of the interval. */
  readonly confidence: number | null;
  /** How the interval was computed. */
  readonly interval_method: string | null;
  /** What the same answer for every clip would score. */
  readonly chance: number | null;
  /** Path of the result. */
  readonly file: string;
}

/** Names of a row's columns, in order, and whether they hold numbers. */
export const scoreColumns: readonly {
  readonly name: keyof ScoreRow;
  readonly kind: 'text' | 'number' | 'yes-or-no';
}[] = [
  { name: 'model', kind: 'text' },
  { name: 'checkpoint', kind: 'text' },
  { name: 'options', kind: 'text' },
  { name: 'task', kind: 'text' },
  { name: 'across', kind: 'text' },
  { name: 'metric', kind: 'text' },
  { name: 'decides', kind: 'yes-or-no' },
  { name: 'probe', kind: 'text' },
  { name: 'pca', kind: 'number' },
  { name: 'seed', kind: 'number' },
  { name: 'seeds', kind: 'number' },
  { name: 'train_fraction', kind: 'number' },
  { name: 'score', kind: 'number' },
  { name: 'deviation', kind: 'number' },
  { name: 'clips', kind: 'number' },
  { name: 'groups', kind: 'number' },
  { name: 'left_out', kind: 'number' },
  { name: 'low', kind: 'number' },
  { name: 'high', kind: 'number' },
  { name: 'confidence', kind: 'number' },
  { name: 'interval_method', kind: 'text' },
  { name: 'chance', kind: 'number' },
  { name: 'file', kind: 'text' },
];

const maximumText = 1000;

/** The scores of a result. It is untrusted, so its strings are truncated. */
export function scoreRows({ result, path }: ResultAt): ScoreRow[] {
  const { task, model, evaluation, leftOut = [] } = result;
  const clipsOfFolds = testRows(result);
  return Object.entries(result.scores).map(([metric, score]): ScoreRow => {
    // Files of version 1 may lack fields that later ones have.
    const interval = recordOf(score.interval);
    return {
      model: asText(nameOf(model)) ?? '',
      architecture: asText(`${asText(model.plugin) ?? ''}:${asText(model.model) ?? ''}`) ?? '',
      checkpoint: asText(model.checkpointSha256),
      options: asText(JSON.stringify(recordOf(model.options))) ?? '{}',
      task: asText(task.id) ?? '',
      across: asText(evaluation.generalization?.column),
      metric: asText(metric) ?? '',
      decides: metric === result.metric,
      probe: asText(trainedName(evaluation)) ?? '',
      pca: evaluation.pca,
      seed: evaluation.seed,
      seeds: evaluation.seeds,
      train_fraction: evaluation.trainFraction ?? 1,
      score: score.mean,
      deviation: score.deviation,
      clips: numberOrNull(score.clips) ?? clipsOfFolds,
      groups: numberOrNull(score.groups),
      left_out: leftOut.length,
      low: numberOrNull(interval.low),
      high: numberOrNull(interval.high),
      confidence: numberOrNull(interval.level),
      interval_method: asText(interval.method),
      chance: numberOrNull(score.chance),
      file: path,
    };
  });
}

function nameOf(model: Result['model']): string {
  const checkpoint = checkpointRecordOf(model.checkpoint);
  return modelName({
    plugin: asText(model.plugin) ?? '',
    model: asText(model.model) ?? '',
    checkpointSha256: asText(model.checkpointSha256),
    ...(checkpoint === undefined ? {} : { checkpoint }),
  });
}

/** Number of test clips in all folds; null for event tasks, whose rows are timestamps. */
function testRows({ task, folds }: Result): number | null {
  return hasRowPerClip(task) ? folds.reduce((sum, { rows }) => sum + rows, 0) : null;
}

/** One line of limited length; null if empty. */
function asText(value: unknown): string | null {
  const line = lineOf(value, maximumText);
  return line === '' ? null : line;
}
