import { didYouMean, OptionError } from '@hearken/core';
import { Random } from '@hearken/metrics';
import { miniTasks } from './index.js';
import type { MiniTask } from './mini-task.js';

/** A mini task and the random numbers that its clips are made from. */
export interface ChosenMiniTask {
  /** Its name in `miniTasks`. */
  readonly name: string;
  readonly task: MiniTask;
  /** The task's own generator, newly seeded: changing one task does not change the others. */
  readonly random: () => Random;
}

/**
 * The mini tasks with these names, in the order of `miniTasks`.
 *
 * @param names default: all
 * @throws OptionError for an unknown task or a seed that is not a whole number
 */
export function chooseMiniTasks(names: readonly string[] | undefined, seed: number): ChosenMiniTask[] {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new OptionError({
      asked: `seed ${seed}`,
      found: 'not a whole number of 0 or more',
      fix: 'pass a whole number such as 0',
    });
  }
  const known = Object.keys(miniTasks);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const fix = `${didYouMean(unknown, known)}known: ${known.join(', ')}`;
    throw new OptionError({ asked: `mini task '${unknown}'`, found: 'no such task', fix });
  }
  return Object.entries(miniTasks)
    .map(([name, task], index) => ({ name, task, random: () => new Random(seed * 64 + index) }))
    .filter(({ name }) => names?.includes(name) !== false);
}
