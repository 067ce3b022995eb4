import { checkpointRecordOf, modelName } from '../models/model-name.js';
import { lineOf, numberOrNull, recordOf } from '@hearken/core/internal';
import { resultSchemaVersion } from '../result/result.js';

/** One score of one result: a row of `hearken results`. Numbers are as the result has them; null where it has none. */
export interface ScoreRow {
  /** What it is called: `plugin:model`, or the name and hash of a checkpoint that is not the published one. */
  readonly model: string;
  /** `plugin:model`, whatever the checkpoint; not a column. */
  readonly architecture: string;
  /** SHA-256 of the model's file in hexadecimal; null for a model without one. */
  readonly checkpoint: string | null;
  /** Options of the model, as JSON; `{}` where it had its usual ones. */
  readonly options: string;
  /** Name, version and mode of the task. */
  readonly task: string;
  /** The column of `clips.csv` whose values divide training and test clips, where the run generalised over one. */
  readonly across: string | null;
  readonly metric: string;
  /** Whether the metric is the one that decides: the task's first. */
  readonly decides: boolean;
  readonly probe: string;
  readonly pca: number | null;
  readonly seed: number | null;
  readonly seeds: number | null;
  /** The share of the training clips that the probe saw; 1 for all. */
  readonly train_fraction: number;
  /** Mean over folds and seeds; null where the metric is undefined. */
  readonly score: number | null;
  readonly deviation: number | null;
  /** Test clips. */
  readonly clips: number | null;
  /** People, or other groups, that the test clips come in. */
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

/** Results have few metrics; more are something else. */
const maximumScores = 1000;
const maximumText = 1000;

/**
 * The scores of a result, as far as its document says them; anyone may have written it.
 *
 * @returns its rows; or why there are none, and whether the document claims to be a result
 */
export function scoreRows(
  document: unknown,
  file: string,
): ScoreRow[] | { readonly reason: string; readonly isResult: boolean } {
  const root = recordOf(document);
  const version = root.schemaVersion;
  if (version !== resultSchemaVersion) {
    const isResult = typeof version === 'number' && root.scores !== undefined;
    return { reason: isResult ? `a result of version ${version}, not ${resultSchemaVersion}` : 'no result', isResult };
  }
  const [task, model, evaluation] = [recordOf(root.task), recordOf(root.model), recordOf(root.evaluation)];
  const required = {
    'task.id': task.id,
    'model.plugin': model.plugin,
    'model.model': model.model,
    'evaluation.probe': evaluation.probe,
    metric: root.metric,
  };
  const missing = Object.entries(required).find(([, value]) => asText(value) === null);
  if (missing !== undefined) return { reason: `a result without ${missing[0]}`, isResult: true };
  const scores = Object.entries(recordOf(root.scores));
  if (scores.length === 0) return { reason: 'a result without scores', isResult: true };
  if (scores.length > maximumScores) return { reason: `a result of ${scores.length} scores`, isResult: true };
  const rows = testRows(root.folds, task.embeddingType);
  return scores.map(([metric, value]): ScoreRow => {
    const score = recordOf(value);
    const interval = recordOf(score.interval);
    const name = asText(metric) ?? '';
    return {
      model: asText(nameOf(model)) ?? '',
      architecture: asText(`${asText(model.plugin) ?? ''}:${asText(model.model) ?? ''}`) ?? '',
      checkpoint: asText(model.checkpointSha256),
      options: asText(JSON.stringify(recordOf(model.options))) ?? '{}',
      task: asText(task.id) ?? '',
      across: asText(recordOf(evaluation.generalization).column),
      metric: name,
      decides: metric === root.metric,
      probe: asText(evaluation.probe) ?? '',
      pca: numberOrNull(evaluation.pca),
      seed: numberOrNull(evaluation.seed),
      seeds: numberOrNull(evaluation.seeds),
      train_fraction: numberOrNull(evaluation.trainFraction) ?? 1,
      score: numberOrNull(score.mean),
      deviation: numberOrNull(score.deviation),
      clips: numberOrNull(score.clips) ?? rows,
      groups: numberOrNull(score.groups),
      left_out: Array.isArray(root.leftOut) ? root.leftOut.length : 0,
      low: numberOrNull(interval.low),
      high: numberOrNull(interval.high),
      confidence: numberOrNull(interval.level),
      interval_method: asText(interval.method),
      chance: numberOrNull(score.chance),
      file,
    };
  });
}

function nameOf(model: Readonly<Record<string, unknown>>): string {
  const checkpoint = checkpointRecordOf(model.checkpoint);
  return modelName({
    plugin: asText(model.plugin) ?? '',
    model: asText(model.model) ?? '',
    checkpointSha256: asText(model.checkpointSha256),
    ...(checkpoint === undefined ? {} : { checkpoint }),
  });
}

/** Test clips of all folds; null of an event task, whose rows are timestamps. */
function testRows(folds: unknown, embeddingType: unknown): number | null {
  if (embeddingType !== 'scene' || !Array.isArray(folds) || folds.length === 0) return null;
  const rows = folds.map((fold) => numberOrNull(recordOf(fold).rows));
  return rows.reduce((sum: number | null, one) => (sum === null || one === null ? null : sum + one), 0);
}

/** One line of bounded length; null where there is none. */
function asText(value: unknown): string | null {
  const line = lineOf(value, maximumText);
  return line === '' ? null : line;
}
