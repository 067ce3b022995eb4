import { dirname, join } from 'node:path';
import { TaskError } from '@hearken/core';
import { readPlainText } from '@hearken/core/node';
import { parseCinc2020Weights } from './cinc2020-weights.node.js';
import { isPathPart } from './metadata.js';
import type { TaskMetadata } from './task.js';

const weightsFile = 'cinc2020_weights.csv';
const maximumBytes = 2 ** 22;

/** A task's metadata, including what its metrics read from other files, and the names of these files. */
export interface ScoringFiles {
  readonly metadata: TaskMetadata;
  readonly files: readonly string[];
}

/**
 * Reads what a task's metrics need in addition to labels: for `cinc2020` the weights of its diagnoses, from the file
 * that `evaluation_params.cinc2020_weights` names (default: `cinc2020_weights.csv`). They replace the file name.
 *
 * @throws TaskError if the file is missing or not a table of weights
 */
export async function readScoringFiles(metadata: TaskMetadata, folder: string): Promise<ScoringFiles> {
  if (!metadata.evaluation.includes('cinc2020')) return { metadata, files: [] };
  const file = metadata.evaluationParams.cinc2020_weights ?? weightsFile;
  const asked = `weights of metric 'cinc2020' of task '${metadata.taskName}'`;
  if (typeof file !== 'string' || !isPathPart(file)) {
    const found = JSON.stringify(file).slice(0, 80);
    throw new TaskError({
      asked,
      found,
      fix: "set evaluation_params.cinc2020_weights to the name of a file in the task's folder",
    });
  }
  const path = join(folder, file);
  const text = await readBounded(path, asked);
  const weights = parseCinc2020Weights(text, path);
  return {
    metadata: { ...metadata, evaluationParams: { ...metadata.evaluationParams, cinc2020_weights: weights } },
    files: [file],
  };
}

function readBounded(path: string, asked: string): Promise<string> {
  return readPlainText(path, {
    maximumBytes,
    within: dirname(path),
    refuse: ({ reason, found, cause }) =>
      new TaskError({
        asked,
        found: reason === 'missing' ? `no '${path}'` : `${found} instead of '${path}'`,
        fix: "copy weights.csv of the PhysioNet/CinC Challenge 2020 there: a square table whose names are the task's labels",
        cause,
      }),
  });
}
