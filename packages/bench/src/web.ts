/**
 * The part of `@hearken/bench` that runs in a page, or better in a worker: audio and ECG files, mini tasks,
 * classifiers, projections and neighbours. Large parts are loaded on first use.
 *
 * @packageDocumentation
 */
import { miniTasks } from '@hearken/tasks';
import type { Classifier, TrainClassifierRequest } from './web/classifier/classifier.js';
import type { MiniBenchmarkOptions, MiniResult } from './web/mini/run-mini-benchmark.js';

export { type CheckpointRecord, modelName, type NamedModel } from '@hearken/results';
export {
  decodeAudioFile,
  ecgRecordsOf,
  readEcgFiles,
  readNpy,
  resampleSignal,
  serveAudioDecoding,
  writeNpy,
  type DecodeAudioOptions,
  type DecodeScope,
  type EcgRecord,
  type MonoAudio,
  type NpyArray,
  type ReadEcgFilesOptions,
} from '@hearken/signals/web';
export type { Classifier, ClassifierProgress, TrainClassifierRequest } from './web/classifier/classifier.js';
export { prepareRows, type RowForm, rowForm } from './run/training-examples.js';
export { nearestNeighbours, type Neighbour } from './web/embeddings/nearest-neighbours.js';
export { projectOntoPlane } from './web/embeddings/project-onto-plane.js';
export type { MiniBenchmarkOptions, MiniProgress, MiniResult } from './web/mini/run-mini-benchmark.js';

/** The names of the mini tasks. */
export const miniTaskNames: readonly string[] = Object.keys(miniTasks);

/**
 * Trains a classifier of embeddings: cross-validated with stratified folds, then on all clips.
 *
 * @throws TaskError for fewer than two labels or a label with only one clip; OptionError for an unknown probe or
 *   number of folds; EmbedderError for embeddings of the wrong size or not finite; the abort signal's reason
 */
export async function trainClassifier(request: TrainClassifierRequest): Promise<Classifier> {
  const [{ trainClassifierWith }, { createWebProbeSession }] = await Promise.all([
    import('./web/classifier/train-classifier.js'),
    import('./web/probe-session.js'),
  ]);
  return trainClassifierWith(createWebProbeSession, request);
}

/**
 * Scores a model on the mini tasks without files: the clips are made in memory, embedded, and evaluated as on Node.js.
 *
 * @throws OptionError for an unknown task, probe or seed; TaskError for a task with signals that the embedder does
 *   not take; what the embedder throws; the abort signal's reason
 */
export async function runMiniBenchmark(options: MiniBenchmarkOptions): Promise<MiniResult[]> {
  const [{ runMiniBenchmarkWith }, { createWebProbeSession }] = await Promise.all([
    import('./web/mini/run-mini-benchmark.js'),
    import('./web/probe-session.js'),
  ]);
  return runMiniBenchmarkWith(createWebProbeSession, options);
}
