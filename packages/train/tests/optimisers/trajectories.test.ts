// Optimisers, clipping, accumulation, averages and schedules against PyTorch's in float64, step by step.
import { join } from 'node:path';
import { createNodeSession } from '@hearken/onnx/node';
import { expect, it } from 'vitest';
import {
  describeTrainingFixtures,
  deviation,
  type FloatTensor,
  readJson,
  readTensors,
} from '../../../../tests/support/training-fixtures.js';
import { Optimiser, rateFactor, TensorArena, WeightAverage } from '../../src/index.js';
import { GradientNorm } from '../../src/optimisers/gradient-norm.js';
import { GradientSum } from '../../src/optimisers/gradient-sum.js';
import { groupsOf, optimiserOf, scheduleOf, type Trajectory } from '../support/trajectory.js';

const limits = { tensor: 5e-6, rate: 1e-6, norm: 1e-5 };
const session = { threads: 1, spin: false };

/** Row `index` of a tensor whose first axis counts steps. */
function rowOf({ data, shape }: FloatTensor, index: number): Float32Array {
  const size = data.length / shape[0];
  return data.subarray(index * size, (index + 1) * size);
}

describeTrainingFixtures('optimisers', 'optimisers', (folder) => {
  const trajectories = readTensors(join(folder, 'trajectories.safetensors'));

  it.each(readJson<Trajectory[]>(join(folder, 'cases.json')))('follows $case', async (one) => {
    const saved = (name: string) => trajectories.get(`${one.case}/${name}`)!;
    const names = ['weight', 'bias'];
    const specs = names.map((name) => ({ name, shape: saved(name).shape.slice(1) }));
    const arenas = { parameters: new TensorArena(specs), gradients: new TensorArena(specs) };
    for (const name of names) arenas.parameters.tensors.get(name)!.data.set(rowOf(saved(name), 0));
    const groups = groupsOf(one);
    const options = { groupOf: (name: string) => groups.find(({ tensors }) => tensors.includes(name))!, session };
    const keep = one.keep === undefined ? {} : { keep: one.keep };
    const create = () =>
      new Optimiser(createNodeSession, optimiserOf(one), arenas.parameters, arenas.gradients, { ...options, ...keep });
    let optimiser = create();
    const [norm, sum] = [new GradientNorm(createNodeSession, session), new GradientSum(createNodeSession, session)];
    const average =
      one.decay === undefined
        ? undefined
        : new WeightAverage(
            createNodeSession,
            { decay: one.decay, ...(one.decayWarmUp === undefined ? {} : { warmUp: one.decayWarmUp }) },
            arenas.parameters,
            session,
          );
    const batches = one.accumulate ?? 1;
    const batchGradients = new TensorArena(specs);
    const schedule = scheduleOf(one);
    const far: unknown[] = [];
    const check = (what: string, distance: number, limit: number) => {
      if (!(distance < limit)) far.push([what, distance]);
    };
    for (let update = 0; update < one.updates; update += 1) {
      if (update === one.unfrozenAt) {
        await optimiser.dispose();
        optimiser = create();
      }
      for (let batch = 0; batch < batches; batch += 1) {
        const target = batch === 0 ? arenas.gradients : batchGradients;
        for (const name of names) {
          target.tensors.get(name)!.data.set(rowOf(saved(`grad.${name}`), update * batches + batch));
        }
        if (batch > 0) await sum.add(arenas.gradients, target);
      }
      let gradientScale = 1 / batches;
      if (one.clipNorm !== undefined) {
        const found = (await norm.of(arenas.gradients)) / batches;
        const expected = one.gradientNorms![update];
        check(`norm ${update}`, Math.abs(found - expected) / expected, limits.norm);
        gradientScale *= Math.min(1, one.clipNorm / (found + 1e-6));
      }
      const factor = rateFactor(schedule, update);
      const rates = [one.learningRates[update]].flat();
      groups.forEach(({ learningRate }, index) => {
        const distance = Math.abs(learningRate * factor - rates[index]);
        check(`rate ${update}`, distance / Math.max(rates[index], 1e-12), limits.rate);
      });
      const withoutGradient = new Set(one.biasWithoutGradient?.includes(update) === true ? ['bias'] : []);
      await optimiser.update({ rateFactor: factor, gradientScale, withoutGradient });
      await average?.follow(update + 1);
      for (const [name, { data }] of arenas.parameters.tensors) {
        check(`${name} after ${update}`, deviation(data, rowOf(saved(name), update + 1)), limits.tensor);
      }
      for (const [name, { data }] of average?.average.tensors ?? []) {
        check(
          `average of ${name} after ${update}`,
          deviation(data, rowOf(saved(`average.${name}`), update)),
          limits.tensor,
        );
      }
    }
    for (const part of [optimiser, norm, sum, average]) await part?.dispose();
    expect(far).toEqual([]);
  });
});
