import type { CheckpointRecord, Result } from '@hearken/results';
import type { ResultAt } from '@hearken/results/node';
import { checkpointRecordOf, executionOf, metricRecordOf, trainedName } from '@hearken/results/internal';
import type { Provenance } from '@hearken/core';
import { lineOf, numberOrNull, recordOf } from '@hearken/core/internal';
import { metricByName, metricNames } from '@hearken/metrics';

/** Longer texts from result files are cut: no name needs more. */
const maximumText = 160;
const maximumMetrics = 100;

/** What a report uses of a result file. Every field is checked, because the file is untrusted. */
export interface ReportResult {
  readonly path: string;
  readonly harnessVersion: string;
  readonly task: {
    readonly id: string;
    readonly name: string;
    readonly mode: string;
    readonly contentHash: string;
    readonly embeddingType: string;
    readonly modality: string;
    readonly clips: number;
    readonly labels: number;
    /** Number of clips that could not be read and were left out. */
    readonly leftOut: number;
  };
  readonly model: Provenance & {
    readonly embeddingSize: number;
    readonly sampleRate: number;
    readonly checkpoint?: CheckpointRecord;
  };
  readonly evaluation: {
    readonly probe: string;
    readonly grid: string;
    readonly gridPoints: number;
    readonly seed: number;
    readonly seeds: number;
    readonly pca: number | null;
    /** The share of training clips that the probe was trained on; 1 for all. */
    readonly trainFraction: number;
  };
  /** Whether it is the default evaluation, of a model without options. */
  readonly isDefault: boolean;
  /** The deciding metric. */
  readonly metric: string;
  /** What it is; for a custom metric, as the result describes it. */
  readonly metricFacts: { readonly summary: string; readonly maximize: boolean; readonly version: string | null };
  readonly scores: ReadonlyMap<string, ReportScore>;
  /** Seconds for embedding all clips, including cached ones. */
  readonly embedSeconds: number;
  readonly probeSeconds: number;
  readonly machine: string;
  readonly finishedAt: string;
  readonly warnings: readonly string[];
}

export interface ReportScore {
  readonly mean: number | null;
  readonly deviation: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Number of test clips; null for results of earlier versions. */
  readonly clips: number | null;
  /** Number of groups of clips; null if the task has no groups. */
  readonly groups: number | null;
  /** The score of giving every clip the same answer; null if unknown. */
  readonly chance: number | null;
  /** Whether the metric is undefined on a test split, so that the score says nothing about the model. */
  readonly isUndefined: boolean;
}

/** What a report uses of a result. Files of version 1 may lack what it does not need. */
export function reportResult({ path, result }: ResultAt): ReportResult {
  const { task, model, evaluation, harness, metric, leftOut = [] } = result;
  const [seconds, machine] = [recordOf(result.seconds), recordOf(result.machine)];
  const scores = new Map(
    Object.entries(result.scores)
      // The deciding metric comes first, so it is never cut off.
      .sort(([one], [other]) => Number(other === metric) - Number(one === metric))
      .slice(0, maximumMetrics)
      .map(([name, score]) => [asText(name), asScore(score)]),
  );
  const checkpoint = checkpointRecordOf(model.checkpoint);
  const execution = executionOf(model);
  const parameters = numberOrNull(model.parameters);
  const column = evaluation.generalization?.column;
  const across = column === undefined ? '' : ` across ${asText(column)}`;
  return {
    path,
    harnessVersion: asText(harness.version) || 'unknown',
    task: {
      // Other test clips make it another task, which is not HEAR's.
      id: asText(task.id) + across,
      name: asText(task.name),
      mode: asText(task.mode) + across,
      contentHash: asText(task.contentHash),
      embeddingType: asText(task.embeddingType),
      modality: asText(task.modality),
      clips: task.clips,
      labels: task.labels,
      leftOut: leftOut.length,
    },
    model: {
      plugin: asText(model.plugin),
      pluginVersion: asText(model.pluginVersion),
      model: asText(model.model),
      checkpointSha256: typeof model.checkpointSha256 === 'string' ? asText(model.checkpointSha256) : null,
      ...(checkpoint === undefined ? {} : { checkpoint }),
      ...(parameters === null ? {} : { parameters }),
      options: recordOf(model.options),
      backend: asText(model.backend),
      ...(execution === undefined ? {} : { execution: { ...execution, runtime: asText(execution.runtime) } }),
      embeddingSize: numberOrNull(model.embeddingSize) ?? 0,
      sampleRate: numberOrNull(model.sampleRate) ?? 0,
    },
    evaluation: {
      probe: asText(trainedName(evaluation)),
      grid: asText(evaluation.grid),
      gridPoints: evaluation.gridPoints,
      seed: evaluation.seed,
      seeds: evaluation.seeds,
      pca: evaluation.pca,
      trainFraction: evaluation.trainFraction ?? 1,
    },
    isDefault: result.isDefault,
    metric: asText(metric),
    metricFacts: factsOf(result),
    scores,
    embedSeconds: numberOrNull(seconds.embed) ?? 0,
    probeSeconds: numberOrNull(seconds.probe) ?? 0,
    machine: [asText(machine.processor), `${numberOrNull(machine.cores) ?? 'unknown'} cores`]
      .filter(Boolean)
      .join(', '),
    finishedAt: asText(result.finishedAt),
    warnings: result.warnings.slice(0, 50).map(asText).filter(Boolean),
  };
}

/** Built-in metrics describe themselves; custom ones are described by the result. */
function factsOf({ metric, extensions }: Result): ReportResult['metricFacts'] {
  const record = metricRecordOf(extensions, metric);
  if (record === undefined || metricNames().includes(metric)) {
    const { summary, maximize } = metricByName(metric);
    return { summary, maximize, version: null };
  }
  const { summary, maximize = true, version, sha256 } = record;
  // Two metrics with the same version may still differ: their authors may not know of each other.
  const hash = sha256 === null ? '' : ` (${sha256.slice(0, 8)})`;
  return { summary: asText(summary), maximize, version: `${asText(version)}${hash}` };
}

function asScore(value: unknown): ReportScore {
  const score = recordOf(value);
  const interval = recordOf(score.interval);
  const [low, high] = [numberOrNull(interval.low), numberOrNull(interval.high)];
  const bounds = low === null || high === null ? { low: null, high: null } : { low, high };
  return {
    mean: numberOrNull(score.mean),
    deviation: numberOrNull(score.deviation),
    ...bounds,
    clips: numberOrNull(score.clips),
    groups: numberOrNull(score.groups),
    chance: numberOrNull(score.chance),
    isUndefined: Array.isArray(score.undefinedOn) && score.undefinedOn.length > 0,
  };
}

/** One line of limited length, empty if there is none. */
function asText(value: unknown): string {
  const line = lineOf(value, 4 * maximumText);
  return line.length > maximumText ? `${line.slice(0, maximumText - 1)}…` : line;
}

/** The folder and name of a file: published pages show nothing else of the machine's paths. */
export function shortPath(path: string): string {
  return path.split(/[\\/]/).slice(-2).join('/');
}
