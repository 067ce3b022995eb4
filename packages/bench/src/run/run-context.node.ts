import type { Artifacts } from '@hearken/artifacts';
import { OptionError, type RuntimeOptions } from '@hearken/core';
import { FileArtifacts } from '@hearken/artifacts/node';
import { cacheFolders } from '@hearken/core/node';
import type { EvaluationIdentity } from '@hearken/results/node';
import type { GeneralizationRequest } from '@hearken/tasks/node';
import { checkExtensions, type Extensions, extensionsOf } from '../extensions/extensions.js';
import { checkProbeName, finetuneProbe, headProbe } from '../probes/registry.js';
import type { HeadRequest } from './head-answers.js';
import { type BenchmarkEvent, type BenchmarkOptions, defaultEvaluation, type Evaluate } from './benchmark.js';

/** A run's options and their defaults, resolved once; each stage of the run takes the part that it needs. */
export interface RunContext {
  /** Folder of the results. */
  readonly out: string;
  /** Folders for what is computed. */
  readonly cache: ReturnType<typeof cacheFolders>;
  /** Where embeddings and trainings are kept. */
  readonly artifacts: Artifacts;
  /** How embeddings are scored. */
  readonly evaluation: EvaluationIdentity;
  /** Probe `head`: how the model's own head is scored. */
  readonly head: HeadRequest;
  /** Whether the model has no options, as for a default result. */
  readonly isDefaultModel: boolean;
  /** Custom metrics and probes. */
  readonly extensions: Extensions;
  /** Train on some values of a column, and test on the others. */
  readonly generalization: GeneralizationRequest | undefined;
  /** Compute everything again. */
  readonly force: boolean;
  /** Whether fine-tuned models are saved beside their results. */
  readonly keepsModels: boolean;
  /** Seconds between checkpoints of a model that is fine-tuned; undefined for the usual. */
  readonly checkpointSeconds: number | undefined;
  /** Leave out clips that cannot be read. */
  readonly skipUnreadable: boolean;
  /** Threads that probes may use. */
  readonly threads: number | undefined;
  /** What runs the graphs of a model that is fine-tuned; undefined for the CPU. */
  readonly executionProvider: RuntimeOptions['executionProvider'];
  /** Scores embeddings; loaded late, because a run in which everything is finished needs no probe. */
  readonly evaluate: Evaluate;
  readonly abortSignal: AbortSignal | undefined;
  /** Reports what happens. */
  readonly report: (event: BenchmarkEvent) => void;
}

/**
 * Checks and completes a run's options.
 *
 * @throws HearkenError for an unknown probe, or an extension that takes another's name
 */
export function resolveRun(options: BenchmarkOptions): RunContext {
  const evaluation = options.evaluation ?? defaultEvaluation;
  checkExtensions(options);
  checkProbeName(evaluation.probe, options.probes);
  checkHeadEvaluation(evaluation);
  checkRecipeEvaluation(evaluation);
  const cache = cacheFolders(options.cache);
  return {
    out: options.out,
    cache,
    artifacts: options.artifacts ?? new FileArtifacts(cache.artifacts),
    evaluation,
    head: options.head ?? {},
    isDefaultModel: Object.keys(options.modelOptions ?? {}).length === 0,
    extensions: extensionsOf(options),
    generalization: options.generalization,
    force: options.force ?? false,
    keepsModels: options.keepModels ?? true,
    checkpointSeconds: options.checkpointSeconds,
    skipUnreadable: options.skipUnreadable ?? false,
    threads: options.runtime?.threads,
    executionProvider: options.runtime?.executionProvider,
    evaluate: options.evaluate ?? defaultEvaluate,
    abortSignal: options.abortSignal,
    report: (event) => options.onEvent?.(event),
  };
}

/** @throws OptionError for settings of trainings, which a head has none of */
function checkHeadEvaluation({ probe, seeds = 1, pca }: EvaluationIdentity): void {
  if (probe !== headProbe || (seeds === 1 && pca === undefined)) return;
  throw new OptionError({
    asked: `probe 'head' with ${pca === undefined ? `${seeds} seeds` : `pca ${pca}`}`,
    found: 'a head that is not trained',
    fix: 'leave it out',
  });
}

/** @throws OptionError for a recipe that is missing, and for components of embeddings */
function checkRecipeEvaluation({ probe, pca, finetune }: EvaluationIdentity): void {
  if (probe !== finetuneProbe || (finetune !== undefined && pca === undefined)) return;
  throw new OptionError({
    asked: `probe 'finetune'${pca === undefined ? '' : ` with pca ${pca}`}`,
    found: finetune === undefined ? 'no recipe' : 'a model that is trained on examples, not on embeddings',
    fix: finetune === undefined ? 'use hearken finetune --recipe NAME, or recipes in a campaign file' : 'leave it out',
  });
}

const defaultEvaluate: Evaluate = async (input, options) => {
  const { evaluateTask } = await import('../evaluation/evaluate-task.node.js');
  return evaluateTask(input, options);
};
