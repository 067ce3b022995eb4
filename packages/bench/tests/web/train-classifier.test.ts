import { createNodeSession } from '@hearken/onnx/node';
import { describe, expect, it } from 'vitest';
import { Random } from '@hearken/metrics';
import type { TrainClassifierRequest } from '../../src/web/classifier/classifier.js';
import { trainClassifierWith } from '../../src/web/classifier/train-classifier.js';
import { createSession } from '../probes/sessions.js';

const size = 12;
const kinds = ['wheeze', 'crackle', 'clear'];

/** Clips of three kinds, one after the other, around centres that are `distance` apart. */
function clips(
  perKind: readonly number[],
  distance = 6,
  seed = 1,
): Pick<TrainClassifierRequest, 'embeddings' | 'size' | 'labels'> {
  const random = new Random(seed);
  const centres = kinds.map(() => Array.from({ length: size }, () => random.normal()));
  const labels: string[] = [];
  const values: number[] = [];
  for (let index = 0; index < Math.max(...perKind); index += 1) {
    for (const [kind, count] of perKind.entries()) {
      if (index >= count) continue;
      labels.push(kinds[kind]);
      values.push(...centres[kind].map((centre) => (distance * centre) / 2 + random.normal()));
    }
  }
  return { embeddings: Float32Array.from(values), size, labels };
}

const train = (request: TrainClassifierRequest) => trainClassifierWith(createSession, request);

describe.each(['linear', 'mlp'] as const)('a %s classifier', (probe) => {
  it('tells apart what lies apart, and says how it did on unseen clips', async () => {
    const request = clips([12, 9, 15]);
    const classifier = await train({ ...request, probe });
    expect(classifier.labels).toEqual(['clear', 'crackle', 'wheeze']);
    expect(classifier.folds).toBe(5);
    expect(classifier.predictions).toHaveLength(36);
    const right = classifier.predictions.filter((label, clip) => label === request.labels[clip]).length;
    expect(classifier.accuracy).toBeCloseTo(right / 36, 12);
    expect(classifier.accuracy).toBeGreaterThan(0.9);
    expect(classifier.confusion.map((row) => row.reduce((sum, count) => sum + count, 0))).toEqual([15, 9, 12]);
    const recalls = classifier.confusion.map((row, label) => row[label] / row.reduce((sum, count) => sum + count, 0));
    expect(classifier.balancedAccuracy).toBeCloseTo((recalls[0] + recalls[1] + recalls[2]) / 3, 12);
    const probabilities = await classifier.classify(request.embeddings.subarray(0, size));
    expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    expect(probabilities[2]).toBeGreaterThan(0.6);
    await classifier.dispose();
    await classifier.dispose();
  });

  it('learns nothing from labels that mean nothing', async () => {
    const { embeddings, labels } = clips([30, 30, 30], 0);
    const { accuracy } = await train({ embeddings, size, labels, probe });
    expect(accuracy).toBeLessThan(0.55);
  });

  it('takes two clips of each kind', async () => {
    const classifier = await train({ ...clips([2, 2, 4], 12), probe });
    expect(classifier.folds).toBe(2);
    expect(classifier.accuracy).toBeGreaterThan(0.7);
    await classifier.dispose();
  });

  it('gives the same numbers from the same seed', async () => {
    const request = { ...clips([7, 7, 7], 2), probe, seed: 3 };
    const [first, second] = [await train(request), await train(request)];
    expect(second.predictions).toEqual(first.predictions);
    expect(second.toOnnx()).toEqual(first.toOnnx());
    const other = await train({ ...request, seed: 4 });
    // Logistic regression has one solution on all clips, whatever the folds were.
    if (probe === 'mlp') expect(other.toOnnx()).not.toEqual(first.toOnnx());
    for (const one of [first, second, other]) await one.dispose();
  });

  it('is a model of ONNX that answers the same', async () => {
    const request = clips([6, 6, 6]);
    const classifier = await train({ ...request, probe });
    const model = classifier.toOnnx();
    const text = new TextDecoder('latin1').decode(model);
    expect(text).toContain('["clear","crackle","wheeze"]');
    const session = await createNodeSession(model, { threads: 1 });
    const { probabilities } = await session.run({ embedding: { data: request.embeddings, shape: [18, size] } });
    expect(probabilities.shape).toEqual([18, 3]);
    for (let clip = 0; clip < 18; clip += 1) {
      const own = await classifier.classify(request.embeddings.subarray(clip * size, (clip + 1) * size));
      own.forEach((value, label) => {
        expect(value).toBeCloseTo((probabilities.data as Float32Array)[clip * 3 + label], 5);
      });
    }
    await session.dispose();
    await classifier.dispose();
  });

  it('tells how far it is, and stops when it is told to', async () => {
    const done: number[] = [];
    const onProgress = ({ done: now, total }: { done: number; total: number }) => {
      expect(total).toBe(4);
      done.push(now);
    };
    await (await train({ ...clips([3, 3, 3]), probe, onProgress })).dispose();
    expect(done).toEqual(done.toSorted((left, right) => left - right));
    expect(done.at(-1)).toBe(4);
    const controller = new AbortController();
    const stopped = train({
      ...clips([9, 9, 9]),
      probe,
      abortSignal: controller.signal,
      onProgress: () => {
        controller.abort(new Error('enough'));
      },
    });
    await expect(stopped).rejects.toThrow('enough');
  });
});

describe('what no classifier can be trained on', () => {
  const request = clips([4, 4, 4]);
  it.each([
    ['a kind of one clip', clips([4, 1, 4]), /single clip with 'crackle'.*at least two/],
    ['one kind', clips([4, 0, 0]), /one label, 'wheeze'/],
    ['no clip', { embeddings: new Float32Array(), size, labels: [] }, /no clip/],
    ['labels missing', { ...request, labels: request.labels.slice(1) }, /11 labels/],
    ['another size', { ...request, size: 7 }, /7 values/],
    ['values that are none', { ...request, embeddings: request.embeddings.map(() => NaN) }, /NaN in embedding 0/],
    ['one fold', { ...request, folds: 1 }, /2 or more/],
    ['an unknown probe', { ...request, probe: 'forest' as 'mlp' }, /'forest'.*linear or mlp/],
  ])('%s', async (_name, wrong, message) => {
    await expect(train(wrong)).rejects.toThrow(message);
  });

  it('another embedding', async () => {
    const classifier = await train(request);
    await expect(classifier.classify(new Float32Array(5))).rejects.toThrow(/12 values: one with 5/);
    await classifier.dispose();
  });
});
