import { probeOutput } from '../../src/probes/outputs/registry.js';
import type { EvaluationInput } from '../../src/evaluation/evaluation.js';
import type { Predictions, ProbeContext, Validation } from '../../src/probes/probe.js';
import { Rows } from '../../src/probes/rows.js';

/** Rows of one split, each a clip of its own unless `clipOf` says otherwise. */
export function rowsOf(
  embeddings: ArrayLike<number>,
  targets: ArrayLike<number>,
  count: number,
  clipOf?: ArrayLike<number>,
): Rows {
  return new Rows([
    {
      embeddings: Float32Array.from(embeddings),
      targets: Uint8Array.from(targets),
      count,
      size: embeddings.length / count,
      clipNames: Array.from({ length: count }, (_, row) => `${row}.wav`),
      clipOf: Uint32Array.from(clipOf ?? Array.from({ length: count }, (_, row) => row)),
    },
  ]);
}

/** The rows of a made-up task's split. */
export function splitRows({ splits }: EvaluationInput, name: string): Rows {
  return new Rows([splits.get(name)!]);
}

/** Validation by the mean loss. */
export function lossValidation(rows: Rows, predictionType: ProbeContext['predictionType']): Validation<null> {
  return {
    maximize: false,
    score: ({ logits }) => ({
      score: probeOutput({ predictionType }).meanLoss(logits, rows.targets(), rows.outputs),
      decision: null,
    }),
  };
}

/** The share of rows whose likeliest label is theirs. */
export function accuracy({ probabilities }: Predictions, rows: Rows): number {
  const targets = rows.targets();
  let right = 0;
  for (let offset = 0; offset < targets.length; offset += rows.outputs) {
    const own = probabilities.subarray(offset, offset + rows.outputs);
    if (targets[offset + own.indexOf(Math.max(...own))] === 1) right += 1;
  }
  return right / rows.count;
}
