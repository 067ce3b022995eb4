import type { Provenance } from '@hearken/core';
import { executionOf } from '../models/execution.js';
import type { ScoringSettings } from './evaluation-record.js';
import { extensionIdentities, type ExtensionIdentity } from '../extensions/extension-records.js';
import type { Generalization } from '@hearken/tasks/internal';

/** The part of a model's provenance that determines its embeddings: everything except the number of threads. */
export interface ModelIdentity extends Omit<Provenance, 'backend' | 'execution'> {
  /** The runtime that computes it; null if an untrusted result doesn't say. */
  readonly backend: string | null;
}

/** The settings of an evaluation that scores depend on. Omitted `seeds` and `pca` mean one seed and no PCA. */
export interface EvaluationIdentity extends ScoringSettings {
  /** Share of the training clips, above 0 and below 1; absent for all of them. */
  readonly trainFraction?: number;
  /**
   * Which clips are for training and which for testing, by a column of the task's `clips.csv`; absent for the task's
   * own splits.
   */
  readonly generalization?: Generalization;
  /** The custom metrics and probe that the scores depend on; absent if there are none. */
  readonly extensions?: readonly ExtensionIdentity[];
  /** Whether unreadable clips were left out; if absent, the first of them would have ended the run. */
  readonly skipUnreadable?: boolean;
  /** SHA-256 of `clips.csv`, if its groups or values decided which clips train or test. */
  readonly clipsSha256?: string;
}

/** Everything that determines a result: two runs with the same identity give the same numbers. */
export interface RunIdentity {
  /** Whose embeddings are scored. */
  readonly model: ModelIdentity;
  /** The task that they are scored on. */
  readonly task: {
    /** `taskName-version-mode` */
    readonly id: string;
    /** Hash of the content of the task's folder. */
    readonly contentHash: string;
  };
  /** How they are scored. */
  readonly evaluation: EvaluationIdentity;
}

/** The identity of a model: its provenance without the number of threads. */
export function modelIdentity(provenance: Provenance): ModelIdentity {
  const { plugin, pluginVersion, model, checkpointSha256, options } = provenance;
  const backend = executionOf(provenance)?.runtime ?? null;
  return { plugin, pluginVersion, model, checkpointSha256, options, backend };
}

/** An evaluation's identity in canonical form: defaults are omitted, so that equal ones have the same hash. */
export function evaluationIdentity(options: EvaluationIdentity): EvaluationIdentity {
  const { probe, grid, gridPoints, seed, seeds = 1, pca, head, finetune, extensions = [] } = options;
  return {
    probe,
    grid,
    gridPoints,
    seed,
    ...(seeds === 1 ? {} : { seeds }),
    ...(pca === undefined ? {} : { pca }),
    ...(head === undefined ? {} : { head }),
    ...(finetune === undefined ? {} : { finetune }),
    ...subsetIdentity(options),
    ...(extensions.length === 0 ? {} : { extensions: extensionIdentities(extensions) }),
  };
}

/** The settings that leave out clips of training or testing. */
type SubsetIdentity = Pick<EvaluationIdentity, 'trainFraction' | 'generalization' | 'skipUnreadable' | 'clipsSha256'>;

/** The settings that leave out clips of training or testing; empty if there are none. */
export function subsetIdentity({
  trainFraction = 1,
  generalization,
  skipUnreadable,
  clipsSha256,
}: SubsetIdentity): SubsetIdentity {
  return {
    ...(trainFraction === 1 ? {} : { trainFraction }),
    ...(generalization === undefined ? {} : { generalization }),
    ...(skipUnreadable === true ? { skipUnreadable } : {}),
    ...(clipsSha256 === undefined ? {} : { clipsSha256 }),
  };
}

/** `text` as a single path component on every system: letters, digits, `.`, `_` and `-`, and never hidden. */
export function pathPart(text: string): string {
  return text.replace(/[^\p{L}\p{N}._-]+/gu, '_').replace(/^\.+/, '_') || '_';
}
