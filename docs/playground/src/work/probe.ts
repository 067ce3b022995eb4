import { OptionError } from '@hearken/core';
import type { Answer, EmbeddingTable, Jobs, TrainedProbe } from './jobs.js';
import type { JobContext } from './serve-jobs.js';

type Classifier = Awaited<ReturnType<typeof import('@hearken/bench/web').trainClassifier>>;

/** The most recently trained probe, which stays in this worker. */
let current: Classifier | undefined;

export async function train(
  { embeddings, size, labels, probe, folds }: Jobs['train']['ask'],
  { abortSignal, tell }: JobContext<'train'>,
): Promise<TrainedProbe> {
  const { trainClassifier } = await import('@hearken/bench/web');
  const trained = await trainClassifier({
    embeddings,
    size,
    labels,
    probe,
    folds,
    abortSignal,
    onProgress: ({ done, total }) => {
      tell(done / total);
    },
  });
  void current?.dispose();
  current = trained;
  const { accuracy, balancedAccuracy, confusion } = trained;
  const counts = confusion.map((row) => row.reduce((sum, clips) => sum + clips, 0));
  return {
    kind: probe,
    clips: labels.length,
    chance: Math.max(...counts) / labels.length,
    predictions: [...trained.predictions],
    labels: [...trained.labels],
    accuracy,
    balancedAccuracy,
    confusion: Array.from(confusion, (row) => [...row]),
    folds: trained.folds,
  };
}

/** @throws OptionError if no probe has been trained */
export function trainedProbe(): Classifier {
  if (current !== undefined) return current;
  throw new OptionError({ asked: 'a classification', found: 'no classifier', fix: 'train one first' });
}

export async function classify({ embeddings, size }: EmbeddingTable): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let start = 0; start < embeddings.length; start += size) {
    answers.push(await probabilitiesOf(embeddings.slice(start, start + size)));
  }
  return answers;
}

/** Probabilities of one embedding, in the order of the probe's labels. */
export async function probabilitiesOf(embedding: Float32Array): Promise<Answer> {
  return [...(await trainedProbe().classify(embedding))];
}

// Async, so that a missing probe rejects like every other failure.
export async function exportProbe(): Promise<Blob> {
  return Promise.resolve(new Blob([trainedProbe().toOnnx()]));
}
