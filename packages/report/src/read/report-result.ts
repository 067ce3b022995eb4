import { type CheckpointRecord, resultSchemaVersion } from '@hearken/results';
import { checkpointRecordOf, metricRecordOf } from '@hearken/results/internal';
import type { Provenance } from '@hearken/core';
import { lineOf, numberOrNull, recordOf } from '@hearken/core/internal';
import { metricByName, metricNames } from '@hearken/metrics';

/** Longer texts out of result files are cut: no name needs more. */
const maximumText = 160;
const maximumMetrics = 100;

/** What a report takes from a result file: every field checked, since anyone may have written the file. */
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
    /** Clips that could not be read and were left out. */
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
    /** The share of the training clips that the probe saw; 1 for all. */
    readonly trainFraction: number;
  };
  /** The metric that decides. */
  readonly metric: string;
  /** What it is; for a custom metric, as the result describes it. */
  readonly metricFacts: { readonly summary: string; readonly maximize: boolean; readonly version: string | null };
  readonly scores: ReadonlyMap<string, ReportScore>;
  /** Of embedding all clips, those from the cache included. */
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
  /** Test clips that it is of; null where the result is of an earlier version. */
  readonly clips: number | null;
  /** Groups that the clips come in; null where the task names none. */
  readonly groups: number | null;
  /** What the same answer for every clip would score; null where it is not known. */
  readonly chance: number | null;
  /** Whether the metric is undefined on a test split, so that the score says nothing of the model. */
  readonly isUndefined: boolean;
}

/** The result that a JSON document is, or what it lacks to be one. */
export function parseReportResult(document: unknown, path: string): ReportResult | string {
  const root = recordOf(document);
  if (root.schemaVersion !== resultSchemaVersion) return 'no result of this version';
  const [task, model, evaluation, seconds, machine] = ['task', 'model', 'evaluation', 'seconds', 'machine'].map((key) =>
    recordOf(root[key]),
  );
  const required = [task.id, task.name, task.contentHash, model.plugin, model.model, evaluation.probe, root.metric];
  if (!required.every((value) => typeof value === 'string' && value !== '')) return 'no task, model, probe or metric';
  const metric = asText(root.metric);
  const metricFacts = factsOf(metric, root.extensions);
  if (metricFacts === undefined) return `an unknown metric '${metric}'`;
  const scores = new Map(
    Object.entries(recordOf(root.scores))
      .slice(0, maximumMetrics)
      .map(([name, score]) => [asText(name), asScore(score)]),
  );
  if (!scores.has(metric)) return `no score of its metric '${metric}'`;
  const fraction = numberOrNull(evaluation.trainFraction) ?? 1;
  if (!(fraction > 0 && fraction <= 1)) return 'a share of the training clips that is none';
  const checkpoint = checkpointRecordOf(model.checkpoint);
  const parameters = numberOrNull(model.parameters);
  const { column } = recordOf(evaluation.generalization);
  const across = typeof column === 'string' ? ` across ${asText(column)}` : '';
  return {
    path,
    harnessVersion: asText(recordOf(root.harness).version) || 'unknown',
    task: {
      // Other test clips make another task, which is none of HEAR's.
      id: asText(task.id) + across,
      name: asText(task.name),
      mode: asText(task.mode) + across,
      contentHash: asText(task.contentHash),
      embeddingType: asText(task.embeddingType),
      modality: asText(task.modality),
      clips: numberOrNull(task.clips) ?? 0,
      labels: numberOrNull(task.labels) ?? 0,
      leftOut: Array.isArray(root.leftOut) ? root.leftOut.length : 0,
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
      embeddingSize: numberOrNull(model.embeddingSize) ?? 0,
      sampleRate: numberOrNull(model.sampleRate) ?? 0,
    },
    evaluation: {
      probe: asText(evaluation.probe),
      grid: asText(evaluation.grid),
      gridPoints: numberOrNull(evaluation.gridPoints) ?? 0,
      seed: numberOrNull(evaluation.seed) ?? 0,
      seeds: numberOrNull(evaluation.seeds) ?? 1,
      pca: numberOrNull(evaluation.pca),
      trainFraction: fraction,
    },
    metric,
    metricFacts,
    scores,
    embedSeconds: numberOrNull(seconds.embed) ?? 0,
    probeSeconds: numberOrNull(seconds.probe) ?? 0,
    machine: [asText(machine.processor), `${numberOrNull(machine.cores) ?? 'unknown'} cores`]
      .filter(Boolean)
      .join(', '),
    finishedAt: asText(root.finishedAt),
    warnings: (Array.isArray(root.warnings) ? root.warnings : []).slice(0, 50).map(asText).filter(Boolean),
  };
}

/** Built-in metrics describe themselves; custom ones are described by the result. */
function factsOf(metric: string, extensions: unknown): ReportResult['metricFacts'] | undefined {
  if (metricNames().includes(metric)) {
    const { summary, maximize } = metricByName(metric);
    return { summary, maximize, version: null };
  }
  const record = metricRecordOf(extensions, metric);
  if (record === undefined) return undefined;
  const { summary, maximize = true, version, sha256 } = record;
  // Two of one version may still be two: their authors did not know of each other.
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

/** One line of bounded length, empty where there is none. */
function asText(value: unknown): string {
  const line = lineOf(value, 4 * maximumText);
  return line.length > maximumText ? `${line.slice(0, maximumText - 1)}…` : line;
}
