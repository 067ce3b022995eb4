import { describe, expect, it } from 'vitest';
import type { EmbeddedSplit } from '../../src/embeddings/embedded-split.js';
import { evaluateTask } from '../../src/evaluation/evaluate-task.node.js';
import type { EvaluationInput } from '../../src/evaluation/evaluation.js';
import type { FoldResult } from '@hearken/results';
import { Random } from '@hearken/metrics';
import { answerWarnings } from '../../src/run/fold-answers.js';
import { sceneTask } from '../evaluation/made-up-task.js';

/** Ages of 20 to 80 years, and as many values of each clip's embedding as wanted. */
function agesTask(embedding: (age: number, split: string, random: Random) => number[]): EvaluationInput {
  const random = new Random(5);
  const splits = new Map<string, EmbeddedSplit>();
  for (const [name, count] of Object.entries({ train: 61, valid: 31, test: 31 })) {
    const values = Float64Array.from({ length: count }, (_, row) => 20 + (60 * row) / (count - 1));
    const rows = Array.from(values, (age) => embedding(age, name, random));
    const clipNames = rows.map((_, row) => `${name}-${row}.wav`);
    const clipOf = Uint32Array.from(clipNames.keys());
    const [{ length: size }, embeddings] = [rows[0], Float32Array.from(rows.flat())];
    splits.set(name, { embeddings, count, size, targets: new Uint8Array(), values, clipNames, clipOf });
  }
  const { metadata } = sceneTask();
  return { metadata: { ...metadata, predictionType: 'regression', evaluation: ['mae'] }, labels: ['age'], splits };
}

const fold = (predictions: Float32Array): FoldResult => ({
  test: 'test',
  scores: {},
  validationScore: 0,
  epoch: 1,
  epochsTrained: 1,
  seconds: 0,
  predictions,
});

describe('predictions of a regression', () => {
  const task = agesTask((age) => [age]);

  it('are warned of beyond three times the range of the training values, with the farthest', () => {
    const predictions = new Float32Array(31).fill(50);
    predictions.set([5478, -41, 141]);
    expect(answerWarnings(task, [fold(predictions)])).toEqual([
      "3 of 31 predictions of 'age' in fold test are outside three times the range of the training values (20 to 80): the farthest is 5478; these embeddings differ from the training embeddings",
    ]);
  });

  it('are not within it, nor are those of labels', () => {
    const predictions = new Float32Array(31).fill(50);
    predictions.set([-40, 140]);
    expect(answerWarnings(task, [fold(predictions)])).toEqual([]);
    const labelled = { ...task, metadata: { ...task.metadata, predictionType: 'multiclass' as const } };
    expect(answerWarnings(labelled, [fold(Float32Array.of(5478))])).toEqual([]);
  });

  it('that are not finite are warned of', () => {
    const [warning] = answerWarnings(task, [fold(Float32Array.of(NaN, 50))]);
    expect(warning).toMatch(/^1 of 2 predictions of 'age'/);
  });

  it.each(['linear', 'mlp'])(
    'by the %s probe are ages, whatever the scale of few clips with many values',
    async (probe) => {
      // More values than clips, most of them noise, on the scales of activations that nobody normalised.
      const wide = agesTask((age, _, random) =>
        Array.from(
          { length: 100 },
          (_value, index) => 10 ** (index % 6) * ((index < 4 ? age / 20 : 0) + random.normal()),
        ),
      );
      const { folds, scores } = await evaluateTask(wide, {
        ...{ probe, grid: 'faster', gridPoints: 2, seed: 0, threads: 1, lanes: 1 },
      });
      const [{ predictions }] = folds;
      // Three times the range of the training values.
      expect(Math.min(...predictions)).toBeGreaterThan(-40);
      expect(Math.max(...predictions)).toBeLessThan(140);
      expect(answerWarnings(wide, folds)).toEqual([]);
      // The training mean is off by 15.5 years; a network learns the noise of so few clips by heart.
      expect(scores.mae.mean).toBeLessThan(probe === 'linear' ? 15.5 : 30);
    },
  );

  it('of embeddings unlike those that trained end up far off, and are warned of', async () => {
    const moved = agesTask((age, split) => [split === 'test' ? 100 * age : age]);
    const { folds } = await evaluateTask(moved, {
      ...{ probe: 'linear', grid: 'faster', gridPoints: 1, seed: 0, threads: 1, lanes: 1 },
    });
    expect(answerWarnings(moved, folds)[0]).toMatch(
      /^31 of 31 predictions of 'age' in fold test .*: the farthest is [78]\d\d\d; these embeddings differ from the training embeddings/,
    );
  });
});
