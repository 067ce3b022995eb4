import { Random } from '../../packages/bench/src/files/random.js';
import { mutateFiles, type Files } from '../mutate/files.js';

/** The input that a seed stands for: the same one as long as the sound files are the same. */
export function makeInput(seeds: readonly Files[], seed: number): Files {
  const random = new Random(seed);
  const [files, donor] = [random.choice(seeds), random.choice(seeds)];
  return mutateFiles(files, random, donor);
}
