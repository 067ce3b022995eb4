import type { TestAnswers } from '@hearken/metrics/internal';
import { storedKind } from '../kinds/registry.js';
import type { PredictionsFile, Result } from '../format/result.js';
import {
  chosenThresholds,
  fileBeside,
  type ReadBeside,
  readPredictions,
  type StoredAnswers,
} from './stored-answers.node.js';

/** The prediction files of every seed except the first, whose file is the result's `predictions`: `[index, file]`. */
export function seedFiles({ seeds = [] }: Result): (readonly [index: number, file: PredictionsFile])[] {
  return seeds.flatMap(({ predictions }, index) =>
    index > 0 && predictions !== undefined && predictions !== null ? [[index, predictions] as const] : [],
  );
}

/**
 * The answers of every seed for the test clips, in order of the seeds.
 *
 * @param stored the first seed's answers; all seeds have the same clips
 * @param read reads the files next to the result
 * @returns undefined for a single seed, for events, and if some seed's predictions were not stored, as in earlier versions
 * @throws FileError naming the file that is missing, damaged or belongs to another result
 */
export async function readSeedAnswers(
  path: string,
  result: Result,
  { answers, labels }: StoredAnswers,
  read: ReadBeside,
): Promise<(readonly TestAnswers[])[] | undefined> {
  const { seeds = [] } = result;
  const files = seedFiles(result);
  if (seeds.length < 2 || files.length < seeds.length - 1) return undefined;
  const all: (readonly TestAnswers[])[] = [answers];
  const clips = answers.reduce((sum, fold) => sum + fold.clips.length, 0);
  for (const [index, { file: name }] of files) {
    const file = fileBeside(path, name, `test predictions of seed ${seeds[index].seed}`);
    const data = await readPredictions(file, [clips, labels.length], read);
    let start = 0;
    const ofSeed = answers.flatMap((fold, place): readonly TestAnswers[] => {
      const predictions = data.subarray(start * labels.length, (start + fold.clips.length) * labels.length);
      start += fold.clips.length;
      const chosen = chosenThresholds(result, seeds[index].folds[place].decision);
      const other = storedKind(fold).ofSeed(fold, { predictions, ...chosen });
      return other === undefined ? [] : [other];
    });
    if (ofSeed.length < answers.length) return undefined;
    all.push(ofSeed);
  }
  return all;
}
