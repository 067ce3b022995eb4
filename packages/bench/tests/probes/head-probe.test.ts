import { describe, expect, it } from 'vitest';
import type { HeadSettings } from '@hearken/results';
import { createProbeSession } from '../../src/probes/probe-session.node.js';
import { createProbe } from '../../src/probes/registry.js';
import { Rows } from '../../src/probes/rows.js';

/** Two rows of logits of a head of four labels. */
const logits = Float32Array.of(1, 3, 2, 0, 4, -1, 2, -3);

function rowsOf(labels: number): Rows {
  return new Rows([
    {
      embeddings: logits,
      size: 4,
      count: 2,
      targets: new Uint8Array(2 * labels),
      clipOf: Uint32Array.of(0, 1),
      clipNames: ['a', 'b'],
    },
  ]);
}

const settings = (kind: HeadSettings['kind'], ...head: number[][]): HeadSettings => ({
  kind,
  size: 4,
  labels: head.map((of, index) => ({ label: String(index), head: of, names: of.map(String) })),
});

async function answer(predictionType: 'multiclass' | 'multilabel', head: HeadSettings) {
  const probe = await createProbe('head', { createSession: createProbeSession, predictionType, head });
  return probe.predict({ values: {}, arrays: {} }, rowsOf(head.labels.length));
}

const close = (found: Float32Array, expected: readonly number[]) => {
  expect(found).toHaveLength(expected.length);
  expected.forEach((value, index) => expect(found[index]).toBeCloseTo(value, 5));
};
const softmax = (...values: number[]) => {
  const sum = values.reduce((total, value) => total + Math.exp(value), 0);
  return values.map((value) => Math.exp(value) / sum);
};
const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));

describe('the probe of a head', () => {
  it('gives classes of a task the strongest label of each, as when predicted classes are grouped', async () => {
    const { probabilities, logits: found } = await answer('multiclass', settings('multiclass', [0], [1, 2, 3]));
    close(found, [1, 3, 4, 2]);
    close(probabilities, [...softmax(1, 3), ...softmax(4, 2)]);
  });

  it('leaves out labels that stand for none of the classes', async () => {
    const { probabilities } = await answer('multiclass', settings('multilabel', [0], [3]));
    close(probabilities, [...softmax(1, 0), ...softmax(4, -3)]);
  });

  it('gives each label of a multilabel task the probability of its strongest one', async () => {
    const { probabilities, logits: found } = await answer('multilabel', settings('multilabel', [0, 2], [1]));
    close(found, [2, 3, 4, -1]);
    close(probabilities, [2, 3, 4, -1].map(sigmoid));
  });

  it('adds probabilities where the head has one label at a time and the task any number', async () => {
    const { probabilities, logits: found } = await answer('multilabel', settings('multiclass', [1, 2], [0, 1, 2, 3]));
    const [first, second] = [softmax(1, 3, 2, 0), softmax(4, -1, 2, -3)];
    close(probabilities, [first[1] + first[2], 1, second[1] + second[2], 1]);
    expect(sigmoid(found[0])).toBeCloseTo(first[1] + first[2], 5);
    expect(found.every(Number.isFinite)).toBe(true);
  });

  it('is not trained, and needs the logits of a head', async () => {
    const context = { createSession: createProbeSession, predictionType: 'multiclass' } as const;
    const probe = await createProbe('head', { ...context, head: settings('multiclass', [0], [1]) });
    expect(probe.configurations('default', { taskName: 'a', evaluationParams: {} }, 8, undefined as never)).toEqual([
      {},
    ]);
    await expect(createProbe('head', context)).rejects.toThrow(/embeddings instead of the logits/);
    await expect(
      createProbe('head', { ...context, predictionType: 'regression', head: settings('multiclass', [0]) }),
    ).rejects.toThrow(/cannot predict numbers/);
  });
});
