import { readScoredResult } from '@hearken/results/internal/node';
import type { SceneScores } from '@hearken/metrics';

/** The answers for a scene task's test clips, in the form that metrics take, and each fold's clips by name. */
export interface ReportAnswers {
  readonly scores: SceneScores;
  readonly folds: readonly { readonly test: string; readonly clips: number }[];
}

/**
 * The answers for a result's test clips, all folds in one, from the files next to it.
 *
 * @returns undefined for an event or regression task
 * @throws FileError if the files are missing or do not give the result's score
 */
export async function readSceneAnswers(path: string): Promise<ReportAnswers | undefined> {
  const { labels, answers } = await readScoredResult(path, 'unchecked');
  const scenes = answers.filter((fold) => fold.kind === 'scene');
  if (scenes.length === 0) return undefined;
  const values = scenes.reduce((sum, { targets }) => sum + targets.length, 0);
  const [predictions, targets] = [new Float32Array(values), new Uint8Array(values)];
  let offset = 0;
  for (const fold of scenes) {
    predictions.set(fold.predictions, offset);
    targets.set(fold.targets, offset);
    offset += fold.targets.length;
  }
  const { predictionType } = scenes[0].scoring ?? {};
  return {
    scores: { labels, predictions, targets, ...(predictionType === undefined ? {} : { predictionType }) },
    folds: scenes.map(({ test, clips }) => ({ test, clips: clips.length })),
  };
}
