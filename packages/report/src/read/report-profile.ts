import { hashIdentity, type ProfileAt } from '@hearken/results/internal/node';
import { lineOf } from '@hearken/core/internal';
import type { ReportResult } from './report-result.js';

/** What a model costs on a machine: what a report uses of a profile. */
export interface ReportProfile {
  /** Names the model, see {@link profiledModel}. */
  readonly key: string;
  /** Its plugin and model, for people. */
  readonly model: string;
  readonly loadSeconds: number;
  /** Seconds of computing for a second of signal. */
  readonly realTimeFactor: number;
  readonly peakMemoryBytes: number;
  /** Of the same process before the model was loaded. */
  readonly idleMemoryBytes: number;
  readonly checkpointBytes: number | null;
  readonly parameters: number | null;
  readonly runtime: string;
  readonly machine: string;
  readonly harnessVersion: string;
  readonly measuredAt: string;
}

/** The part of a model that its cost depends on; probes do not matter. */
export function profiledModel({
  plugin,
  model,
  checkpointSha256,
  options,
}: Pick<ReportResult['model'], 'plugin' | 'model' | 'checkpointSha256' | 'options'>): string {
  return hashIdentity([plugin, model, checkpointSha256, options]);
}

/** What a report uses of a profile. Its texts are cut, because the file is untrusted. */
export function reportProfile({ profile }: ProfileAt): ReportProfile {
  const { model, machine } = profile;
  const { threads } = model.execution;
  const text = (value: string) => lineOf(value, 160);
  return {
    key: profiledModel(model),
    model: text(`${model.plugin}:${model.model}`),
    loadSeconds: profile.loadSeconds,
    realTimeFactor: profile.realTimeFactor,
    peakMemoryBytes: profile.peakMemoryBytes,
    idleMemoryBytes: profile.idleMemoryBytes,
    checkpointBytes: model.checkpointBytes,
    parameters: model.parameters ?? null,
    runtime: text(`${model.execution.runtime}${threads === undefined ? '' : `, ${threads} threads`}`),
    machine: text(`${machine.processor}, ${machine.cores} cores`),
    harnessVersion: text(profile.hearken),
    measuredAt: text(profile.measuredAt),
  };
}
