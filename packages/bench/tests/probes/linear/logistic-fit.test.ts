import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AffineMaps } from '../../../src/probes/affine-map.js';
import { probeOutput } from '../../../src/probes/outputs/registry.js';
import { fitLogistic } from '../../../src/probes/linear/logistic-fit.js';
import { LogisticGradient, logisticGradientGraph } from '../../../src/probes/linear/logistic-problem.js';
import { linearMap, prepareLogistic } from '../../../src/probes/linear/prepare-logistic.js';
import type { ProbeContext } from '../../../src/probes/probe.js';
import { rowsOf } from '../rows-of.js';
import { createSession } from '../sessions.js';

interface Case {
  readonly predictionType: ProbeContext['predictionType'];
  readonly count: number;
  readonly size: number;
  readonly outputs: number;
  readonly C: number;
  readonly embeddings: readonly number[];
  readonly targets: readonly number[];
  readonly probabilities: readonly number[];
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../fixtures/logistic-regression.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

type Given = Omit<Case, 'probabilities' | 'C'>;

/** Fits all rows, in two pieces and backwards, and predicts them. */
async function solve(given: Given, strengths: readonly number[]) {
  const rows = rowsOf(given.embeddings, given.targets, given.count);
  const maps = new AffineMaps(createSession);
  const order = Uint32Array.from({ length: given.count }, (_, row) => given.count - 1 - row);
  const problem = await prepareLogistic(rows, order, { createSession, predictionType: given.predictionType }, maps);
  const { data } = problem;
  const gradient = new LogisticGradient(await createSession(logisticGradientGraph(data.link)), data);
  const fit = await fitLogistic(gradient, {
    strengths,
    columns: Array.from({ length: data.columns }, (_, column) => column),
    ranges: [
      [0, 3],
      [3, given.count],
    ],
    tolerance: 1e-11,
  });
  const map = linearMap(problem, fit.weights);
  return { ...fit, map, ...probeOutput(given).predictions(await maps.apply(map, rows), given.outputs) };
}

describe('L2 logistic regression', () => {
  it.each(cases.map((one) => ({ ...one, title: `${one.predictionType}, ${one.outputs} labels` })))(
    'has the minimum that SciPy finds: $title, $count x $size, C $C',
    async (given) => {
      const found = await solve(given, new Array<number>(given.outputs).fill(given.C));
      expect(found.decrement).toBeLessThan(1e-10);
      found.probabilities.forEach((probability, index) =>
        expect(Math.abs(probability - given.probabilities[index])).toBeLessThan(2e-5),
      );
    },
  );

  it('fits each label of a multilabel task on its own, with its own strength', async () => {
    const given = cases.find((one) => one.predictionType === 'multilabel')!;
    const labels = [0, 1, 2];
    const together = await solve(given, [0.01, 10, 1]);
    for (const label of labels) {
      const alone = await solve(given, new Array<number>(3).fill([0.01, 10, 1][label]));
      const bySize = (weights: Float32Array) => weights.subarray(label * given.size, (label + 1) * given.size);
      bySize(together.map.weight).forEach((value, index) =>
        expect(value).toBeCloseTo(bySize(alone.map.weight)[index], 4),
      );
    }
  });

  it('gives labels that no row or every row has a constant probability', async () => {
    const embeddings = [0, 1, 2, 3, 4, 5, 6, 7];
    const targets = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((row) => [0, 1, Number(row > 3)]);
    const given = { predictionType: 'multilabel', count: 8, size: 1, outputs: 3, embeddings, targets } as const;
    const { probabilities } = await solve(given, [1, 1, 1]);
    for (let row = 0; row < 8; row += 1) {
      expect(probabilities[row * 3]).toBeCloseTo(0.5 / 9, 5);
      expect(probabilities[row * 3 + 1]).toBeCloseTo(8.5 / 9, 5);
    }
    expect(probabilities[2]).toBeLessThan(0.2);
    expect(probabilities[23]).toBeGreaterThan(0.8);
  });

  it('leaves a class without rows next to no probability', async () => {
    const embeddings = Array.from({ length: 12 }, (_, row) => row);
    const targets = embeddings.flatMap((row) => [Number(row < 4), 0, Number(row >= 4 && row < 8), Number(row >= 8)]);
    const given = { predictionType: 'multiclass', count: 12, size: 1, outputs: 4, embeddings, targets } as const;
    const { probabilities } = await solve(given, [1, 1, 1, 1]);
    for (let row = 0; row < 12; row += 1) {
      const own = [...probabilities.subarray(row * 4, row * 4 + 4)];
      expect(own[1]).toBeGreaterThan(0);
      expect(own[1]).toBeLessThanOrEqual(0.5 / 12);
      expect(own.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    }
  });

  it('passes over values that do not vary', async () => {
    const embeddings = [0, 1e6, 1, 1e6, 2, 1e6, 3, 1e6, 4, 1e6, 5, 1e6];
    const targets = [1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 1];
    const given = { predictionType: 'multiclass', count: 6, size: 2, outputs: 2, embeddings, targets } as const;
    const { map, probabilities } = await solve(given, [1]);
    expect(map.factor[1]).toBe(0);
    expect(probabilities.every((value) => value > 0 && value < 1)).toBe(true);
  });
});
