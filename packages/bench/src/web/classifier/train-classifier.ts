import { EmbedderError, OptionError } from '@hearken/core';
import type { Session } from '@hearken/onnx';
import { probeOutput } from '../../probes/outputs/registry.js';
import { argmax } from '@hearken/metrics/internal';
import type { ProbeConfiguration } from '@hearken/results';
import type { MlpConfiguration } from '../../probes/mlp/parameters.js';
import type { Probe, SessionFactory, TrainedProbe } from '../../probes/probe.js';
import { createProbe } from '../../probes/registry.js';
import { Rows } from '../../probes/rows.js';
import { Random } from '@hearken/metrics';
import { classifierModel } from './classifier-graph.js';
import type { Classifier, TrainClassifierRequest } from './classifier.js';
import { type LabelledClips, labelledClips } from './labelled-clips.js';

/**
 * A grid point near those of heareval, for few clips: no grid and no early stopping, which would take clips away for
 * validation.
 */
const mlpConfiguration: MlpConfiguration = {
  hiddenLayers: 1,
  hiddenDimension: 128,
  dropout: 0.1,
  learningRate: 3.2e-3,
  patience: 1,
  maxEpochs: 100,
  checkEveryEpochs: 100,
  batchSize: 128,
  hiddenNorm: 'batch',
  initialization: 'xavierUniform',
};

/**
 * Trains a classifier of embeddings with one of the evaluation's probes: for each fold on all other folds, to predict
 * that fold, and then on all clips.
 *
 * @param createSession creates the sessions that run the probe's graphs
 * @throws TaskError for fewer than two labels or a label with only one clip, OptionError for an unknown probe or
 *   number of folds, EmbedderError for embeddings of the wrong size or not finite; the abort signal's reason
 */
export async function trainClassifierWith(
  createSession: SessionFactory,
  request: TrainClassifierRequest,
): Promise<Classifier> {
  const { size, probe: name = 'linear', abortSignal } = request;
  const clips = labelledClips(request);
  const { labels, classes, folds, splits } = clips;
  abortSignal?.throwIfAborted();
  const probe = await createProbe(checkProbe(name), { createSession, predictionType: 'multiclass' });
  try {
    const trainer = new ClassifierTrainer(probe, name, clips, request);
    const predicted = new Array<number>(classes.length);
    for (const [fold, members] of folds.entries()) {
      const trained = await trainer.train(splits.filter((_, other) => other !== fold));
      const { probabilities } = await probe.predict(trained, new Rows([splits[fold]]));
      members.forEach((clip, row) => {
        predicted[clip] = argmax(probabilities, row * labels.length, labels.length);
      });
    }
    const trained = await trainer.train(splits);
    const model = await classifierModel(trained, { probe: name, labels, size });
    return {
      ...scores(clips, predicted),
      ...classifierOf(model, await createSession(model), size),
    };
  } finally {
    await probe.dispose();
  }

  function checkProbe(asked: string): string {
    if (asked === 'linear' || asked === 'mlp') return asked;
    throw new OptionError({
      asked: `a classifier '${asked}'`,
      found: 'not a probe for classifiers',
      fix: 'choose linear or mlp',
    });
  }
}

/** Runs the trainings one after another and reports their progress. */
class ClassifierTrainer {
  readonly #configuration: ProbeConfiguration;
  #done = 0;

  constructor(
    readonly probe: Probe,
    name: 'linear' | 'mlp',
    readonly clips: LabelledClips,
    readonly request: TrainClassifierRequest,
  ) {
    const task = { taskName: 'classifier', evaluationParams: {} };
    this.#configuration =
      name === 'mlp' ? mlpConfiguration : probe.configurations('default', task, 1, new Random(request.seed ?? 0))[0];
  }

  async train(splits: LabelledClips['splits']): Promise<TrainedProbe> {
    const { seed = 0, abortSignal, onProgress } = this.request;
    const total = this.clips.splits.length + 1;
    const rows = new Rows(splits);
    const targets = rows.targets();
    const outputs = this.clips.labels.length;
    abortSignal?.throwIfAborted();
    // Nothing is chosen on validation rows, so the training rows are passed instead.
    const validation = {
      maximize: false,
      score: ({ logits }: { readonly logits: Float32Array }) => ({
        score: probeOutput({ predictionType: 'multiclass' }).meanLoss(logits, targets, outputs),
        decision: null,
      }),
    };
    const trained = await this.probe.train(rows, rows, validation, this.#configuration, {
      seed,
      abortSignal,
      onEpoch: (epoch, maxEpochs) => onProgress?.({ done: this.#done + Math.min(1, epoch / maxEpochs), total }),
    });
    this.#done += 1;
    onProgress?.({ done: this.#done, total });
    return trained;
  }
}

function scores(
  { labels, classes, folds }: LabelledClips,
  predicted: readonly number[],
): Pick<Classifier, 'labels' | 'accuracy' | 'balancedAccuracy' | 'confusion' | 'predictions' | 'folds'> {
  const confusion = labels.map(() => labels.map(() => 0));
  predicted.forEach((label, clip) => (confusion[classes[clip]][label] += 1));
  const right = confusion.map((row, label) => row[label]);
  const recalls = confusion.map((row, label) => right[label] / row.reduce((sum, clips) => sum + clips, 0));
  return {
    labels,
    accuracy: right.reduce((sum, clips) => sum + clips, 0) / classes.length,
    balancedAccuracy: recalls.reduce((sum, recall) => sum + recall, 0) / labels.length,
    confusion,
    predictions: predicted.map((label) => labels[label]),
    folds: folds.length,
  };
}

function classifierOf(
  model: Uint8Array<ArrayBuffer>,
  session: Session,
  size: number,
): Pick<Classifier, 'classify' | 'toOnnx' | 'dispose'> {
  return {
    async classify(embedding) {
      if (embedding.length !== size) {
        const found = `one with ${embedding.length}`;
        throw new EmbedderError({
          asked: `an embedding with ${size} values`,
          found,
          fix: 'use the model that the classifier was trained with',
        });
      }
      const { probabilities } = await session.run({ embedding: { data: embedding, shape: [1, size] } });
      return probabilities.data as Float32Array;
    },
    toOnnx: () => model.slice(),
    dispose: () => session.dispose(),
  };
}
