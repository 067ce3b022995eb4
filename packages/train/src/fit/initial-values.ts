import type { HeadTensor, RandomNumbers, TrainableModel } from '@hearken/core';
import type { LowRankAdapter } from '../adapters/low-rank.js';
import { sizeOf } from '../graph/tensor-elements.js';

/**
 * Where a training begins: the checkpoint's values, a new head, and adapters that change nothing yet: `A` uniform in ±1 /
 * sqrt(inputs), as PEFT draws it, and `B` zero. The same for the same seed.
 *
 * @param random of the seed
 * @param deviation of the head's weights where the head does not say
 */
export function initialValues(
  model: Pick<TrainableModel, 'readParameter'>,
  head: readonly HeadTensor[],
  adapters: readonly LowRankAdapter[],
  random: RandomNumbers,
): (name: string) => Promise<Float32Array> {
  const drawn = new Map<string, Float32Array>();
  for (const { name, shape, initial } of head) {
    const values = new Float32Array(sizeOf(shape));
    if ('value' in initial) values.fill(initial.value);
    else values.forEach((_, index) => (values[index] = initial.deviation * random.normal()));
    drawn.set(name, values);
  }
  for (const { down, up } of adapters) {
    const bound = 1 / Math.sqrt(down.shape[1]);
    drawn.set(
      down.name,
      Float32Array.from({ length: sizeOf(down.shape) }, () => random.uniform(-bound, bound)),
    );
    drawn.set(up.name, new Float32Array(sizeOf(up.shape)));
  }
  return async (name) => drawn.get(name) ?? (await model.readParameter(name));
}
