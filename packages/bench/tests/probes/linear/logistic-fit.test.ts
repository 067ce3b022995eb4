import { readFileSync } from 'node:fs';
import { createNodeSession, type Session } from '@hearken/onnx';
import { afterEach, describe, expect, it } from 'vitest';
import { AffineMaps } from '../../../src/probes/affine-map.js';
import { fitLogistic } from '../../../src/probes/linear/logistic-fit.js';
import { LogisticGradient, logisticGradientGraph } from '../../../src/probes/linear/logistic-problem.js';
import { linearMap, prepareLogistic } from '../../../src/probes/linear/prepare-logistic.js';
import { predictionsOf } from '../../../src/probes/linear/linear-predictions.js';
import type { ProbeContext } from '../../../src/probes/probe.js';
import { rowsOf } from '../rows-of.js';

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

const sessions: Session[] = [];
const createSession = async (model: Uint8Array) => {
  const session = await createNodeSession(model, { threads: 1 });
  sessions.push(session);
  return session;
};

afterEach(async () => {
  for (const session of sessions.splice(0)) await session.dispose();
});

async function solve(given: Omit<Case, 'probabilities'>) {
  const rows = rowsOf(given.embeddings, given.targets, given.count);
  const maps = new AffineMaps(createSession);
  const order = Uint32Array.from({ length: given.count }, (_, row) => given.count - 1 - row);
  const problem = await prepareLogistic(rows, order, { createSession, predictionType: given.predictionType }, maps);
  const { data } = problem;
  const gradient = new LogisticGradient(await createSession(logisticGradientGraph(data.link)), data);
  const fit = await fitLogistic(gradient, {
    strengths: new Array<number>(data.columns).fill(given.C),
    columns: Array.from({ length: data.columns }, (_, column) => column),
    ranges: [
      [0, 7],
      [7, given.count],
    ],
    tolerance: 1e-11,
  });
  const logits = await maps.apply(linearMap(problem, fit.weights), rows);
  return { ...fit, ...predictionsOf(logits, given.outputs, given.predictionType) };
}

describe('L2 logistic regression', () => {
  it.each(cases.map((one) => [`${one.predictionType} ${one.outputs}, ${one.count} x ${one.size}, C ${one.C}`, one]))(
    'has the minimum that SciPy finds: %s',
    async (_, one) => {
      const given = one as Case;
      const found = await solve(given);
      console.log(found.evaluations, found.converged, Math.max(...found.probabilities.map((p, i) => Math.abs(p - given.probabilities[i]))));
      expect(found.converged).toBe(true);
      found.probabilities.forEach((probability, index) =>
        expect(Math.abs(probability - given.probabilities[index])).toBeLessThan(1e-4),
      );
    },
  );
});
