import { OptionError, TaskError } from '@hearken/core';
import type { EmbeddedSplit } from '../../embeddings/embedded-split.js';
import { Random } from '@hearken/metrics';
import { stratifiedFolds } from '../../probes/linear/stratified-folds.js';
import { checkEmbeddings } from '../embeddings/check-embeddings.js';
import type { TrainClassifierRequest } from './classifier.js';

/** Clips with their labels, divided into folds. */
export interface LabelledClips {
  /** Each label once, sorted. */
  readonly labels: readonly string[];
  /** For each clip, the index in `labels`. */
  readonly classes: readonly number[];
  /** The clips of each fold. */
  readonly folds: readonly (readonly number[])[];
  /** The clips of each fold as rows. */
  readonly splits: readonly EmbeddedSplit[];
}

/**
 * Checks a training request, and spreads the clips of each label over the folds as evenly as possible.
 *
 * @throws TaskError for fewer than two labels, or a label with only one clip; OptionError for an invalid number of
 *   folds; EmbedderError for embeddings of the wrong size or not finite
 */
export function labelledClips(request: TrainClassifierRequest): LabelledClips {
  const { embeddings, size, folds: wanted = 5, seed = 0 } = request;
  const count = checkEmbeddings(embeddings, size);
  const asked = `a classifier of ${count} clips`;
  if (request.labels.length !== count) {
    throw new TaskError({ asked, found: `${request.labels.length} labels`, fix: 'give each clip one label' });
  }
  if (!Number.isSafeInteger(wanted) || wanted < 2) {
    throw new OptionError({
      asked: `${wanted} folds`,
      found: 'too few folds for cross-validation',
      fix: 'pass 2 or more',
    });
  }
  const labels = [...new Set(request.labels)].sort();
  if (labels.length < 2) {
    const found = labels.length === 0 ? 'no clips' : `only one label, '${labels[0]}'`;
    throw new TaskError({ asked, found, fix: 'use at least two labels' });
  }
  const places = new Map(labels.map((label, index) => [label, index]));
  const classes = request.labels.map((label) => places.get(label) ?? 0);
  const sizes = labels.map((_, index) => classes.filter((one) => one === index).length);
  const alone = labels.filter((_, index) => sizes[index] < 2);
  if (alone.length > 0) {
    const named = alone.slice(0, 8).map((label) => `'${label}'`);
    const found = `a single clip with ${named.join(', ')}${alone.length > 8 ? ' and others' : ''}`;
    throw new TaskError({ asked, found, fix: 'label at least two clips of each kind: one to train on, one to test' });
  }
  const targets = targetsOf(classes, labels.length);
  const clips = Uint32Array.from(classes.keys());
  // Then each fold has a clip of every label, and so do the other folds together.
  const foldCount = Math.min(wanted, ...sizes, 255);
  const { folds: foldOf } = stratifiedFolds(targets, labels.length, clips, foldCount, new Random(seed));
  const folds = Array.from({ length: foldCount }, (_, fold) => [...clips].filter((clip) => foldOf[clip] === fold));
  const splits = folds.map((members): EmbeddedSplit => {
    const rows = new Float32Array(members.length * size);
    members.forEach((clip, row) => {
      rows.set(embeddings.subarray(clip * size, (clip + 1) * size), row * size);
    });
    return {
      embeddings: rows,
      count: members.length,
      size,
      targets: targetsOf(
        members.map((clip) => classes[clip]),
        labels.length,
      ),
      clipNames: members.map(String),
      clipOf: Uint32Array.from(members.keys()),
    };
  });
  return { labels, classes, folds, splits };
}

function targetsOf(classes: readonly number[], labels: number): Uint8Array {
  const targets = new Uint8Array(classes.length * labels);
  classes.forEach((one, row) => (targets[row * labels + one] = 1));
  return targets;
}
