import { Random } from '../../packages/metrics/src/random.js';
import { mutateFiles, type Files } from '../mutate/files.js';

/** The input for a seed; it stays the same while the valid seed files are the same. */
export function makeInput(seeds: readonly Files[], seed: number): Files {
  const random = new Random(seed);
  const [files, donor] = [random.choice(seeds), random.choice(seeds)];
  return mutateFiles(files, random, donor);
}
