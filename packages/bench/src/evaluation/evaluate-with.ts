import { OptionError } from '@hearken/core';
import { checkExtensions } from '../extensions/extensions.js';
import type { SessionFactory } from '../probes/probe.js';
import type { Evaluation } from '@hearken/results';
import { createProbe } from '../probes/registry.js';
import type { EvaluationInput, EvaluationOptions } from './evaluation.js';
import { Runner, type TrainingPart } from './runner.js';
import { TrainingStages } from './training-stages.js';

/**
 * Evaluates embeddings like heareval: the grid on the first split, its best configuration on every split, early
 * stopping and selection on validation data only, each test split scored once. With several seeds, each split's probe
 * is trained again for every further seed.
 *
 * All numbers follow from the seed; none depends on the number of parallel trainings or threads. Finished parts are
 * stored in the journal and are not computed again.
 *
 * @param createSession creates the sessions that run the probe's graphs; `evaluateTask` uses those of Node.js
 * @throws TaskError for a task that cannot be evaluated, OptionError for an unknown probe or grid, or options out of
 *   range, PluginError for a custom metric or probe that breaks its contract or has the name of another
 */
export function evaluateWith(
  createSession: SessionFactory,
  input: EvaluationInput,
  options: EvaluationOptions,
): Promise<Evaluation> {
  return withRunner(createSession, input, options, (runner) => runner.run(options.seeds ?? 1));
}

/**
 * Runs one training of an evaluation, so that a hundred machines can share an evaluation's trainings. It is stored in
 * the journal, from which {@link evaluateWith} then takes it.
 *
 * @throws OptionError if the evaluation has no such training; as {@link evaluateWith}
 */
export function trainPart(
  createSession: SessionFactory,
  input: EvaluationInput,
  options: EvaluationOptions,
  part: TrainingPart,
): Promise<void> {
  return withRunner(createSession, input, options, (runner) => runner.train(part, options.seeds ?? 1));
}

/**
 * The trainings that an evaluation needs next and its journal lacks: those of the first stage, which can run in any order
 * and at the same time, or, if the journal has all of these, those of the second. None if it has all of them.
 *
 * @throws as {@link evaluateWith}
 */
export function missingTrainings(
  createSession: SessionFactory,
  input: EvaluationInput,
  options: EvaluationOptions,
): Promise<TrainingPart[]> {
  return withRunner(createSession, input, options, (runner) => runner.missing(options.seeds ?? 1));
}

async function withRunner<Value>(
  createSession: SessionFactory,
  input: EvaluationInput,
  options: EvaluationOptions,
  use: (runner: Runner) => Promise<Value>,
): Promise<Value> {
  const { seeds = 1, gridPoints, threads = 1, lanes = 1 } = options;
  atLeastOne(gridPoints, 'grid points');
  atLeastOne(seeds, 'seeds');
  atLeastOne(lanes, 'lanes');
  atLeastOne(threads, 'threads');
  const { predictionType } = input.metadata;
  checkExtensions(options);
  const context = { createSession, predictionType, head: options.head, finetune: options.finetuneContext };
  const probe = await createProbe(options.probe, context, { pca: options.pca, probes: options.probes });
  const stages = new TrainingStages(input, options, probe);
  try {
    return await use(new Runner(input, options, probe, stages));
  } finally {
    await stages.dispose();
    await probe.dispose();
  }
}

function atLeastOne(count: number, what: string): void {
  if (Number.isSafeInteger(count) && count > 0) return;
  throw new OptionError({
    asked: `an evaluation with ${count} ${what}`,
    found: 'nothing to do',
    fix: 'ask for 1 or more',
  });
}
