import { recipeOfTrained } from '@hearken/results/internal';
import { FileError } from '@hearken/core';
import { confusionMatrix, reliability, type ReliabilityBin } from '../statistics/answers.js';
import { efficiencyCurves, reliabilityDiagram } from '../pictures/curves.js';
import { embeddingMapPicture } from '../pictures/embedding-map.js';
import { heatMap } from '../pictures/heat-map.js';
import type { Picture } from '../pictures/picture.js';
import { scoreAgainstCost } from '../pictures/score-against-cost.js';
import { scoreIntervals } from '../pictures/score-intervals.js';
import type { EmbeddingMapReader } from '../read/embedding-map.js';
import { shortPath } from '../read/report-result.js';
import { readSceneAnswers, type ReportAnswers } from '../read/scene-answers.node.js';
import type { BoardModel, BoardTask, EfficiencyCurve } from './leaderboard.js';

/** Larger confusion matrices are unreadable. */
const maximumMatrixLabels = 60;
/** Only the best models of a task get pictures of their answers, so that pages do not grow without bounds. */
const maximumModels = 12;

export interface TaskPictures {
  readonly pictures: readonly Picture[];
  /** Which pictures are missing, and why. */
  readonly notes: readonly string[];
}

/** The pictures of one task: scores, costs, and the answers for its test clips. */
export async function taskPictures(
  task: BoardTask,
  models: readonly BoardModel[],
  curves: readonly EfficiencyCurve[],
  readMap: EmbeddingMapReader | undefined,
): Promise<TaskPictures> {
  const answers = await answerPictures(
    task,
    models.filter(({ origin }) => origin === 'ours').slice(0, maximumModels),
    readMap,
  );
  return {
    pictures: [
      scoreIntervals({
        id: `${task.slug}-scores`,
        title: `Scores: ${task.key}`,
        scoreName: task.metric,
        scores: models.map(({ name, origin, scores }) => ({ name, origin, ...scores.get(task.key)! })),
      }),
      ...costPictures(task, models),
      ...(curves.length > 0 ? [efficiencyCurves(`${task.slug}-efficiency`, task.key, task.metric, curves)] : []),
      ...answers.pictures,
    ],
    notes: answers.notes,
  };
}

function costPictures(task: BoardTask, models: readonly BoardModel[]): Picture[] {
  return (['parameters', 'seconds'] as const).flatMap((kind) => {
    const points = models.flatMap(({ name, origin, parameters, scores }) => {
      const { score, low, high, secondsPerClip } = scores.get(task.key)!;
      const cost = kind === 'seconds' ? secondsPerClip : parameters;
      return cost === null ? [] : [{ name, origin, cost, score, low, high }];
    });
    if (points.length < 2) return [];
    const title = `${task.key}: ${task.metric} against ${kind === 'seconds' ? 'seconds per clip' : 'parameters'}`;
    const picture = scoreAgainstCost({
      id: `${task.slug}-${kind}`,
      title,
      scoreName: task.metric,
      maximize: task.maximize,
      kind,
      points,
    });
    return picture === undefined ? [] : [picture];
  });
}

async function answerPictures(
  task: BoardTask,
  models: readonly BoardModel[],
  readMap: EmbeddingMapReader | undefined,
): Promise<TaskPictures> {
  const [matrices, maps, notes]: [Picture[], Picture[], string[]] = [[], [], []];
  const calibrated: { model: string; bins: ReliabilityBin[] }[] = [];
  for (const model of models) {
    for (const result of model.scores.get(task.key)!.results) {
      const answers = await answersOrNote(result.path, model.name, notes);
      if (answers === undefined) continue;
      const id = `${task.slug}-${model.slug}${task.isHear ? `-${result.task.name}` : ''}`;
      const matrix = confusion(`${id}-confusion`, task.key, model.name, answers);
      if (matrix !== undefined) matrices.push(matrix);
      const bins = reliability(answers.scores);
      if (bins !== undefined) calibrated.push({ model: model.name, bins });
      // Neither a head's logits nor a recipe's examples are embeddings.
      const { probe } = result.evaluation;
      if (readMap === undefined || probe === 'head' || recipeOfTrained(probe) !== undefined) continue;
      const map = await readMap(result, answers);
      if (map === undefined) notes.push(`No map of the embeddings of ${model.name}: the cache does not have them.`);
      else
        maps.push(
          embeddingMapPicture(`${id}-map`, `Embeddings: ${task.key}, ${model.name}`, answers.scores.labels, map),
        );
    }
  }
  const diagram = calibrated.length > 0 ? [reliabilityDiagram(`${task.slug}-reliability`, task.key, calibrated)] : [];
  return { pictures: [...diagram, ...matrices, ...maps], notes };
}

async function answersOrNote(path: string, model: string, notes: string[]): Promise<ReportAnswers | undefined> {
  try {
    return await readSceneAnswers(path);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    notes.push(
      `No pictures of the answers of ${model}: the files next to ${shortPath(path)} are missing or do not match it.`,
    );
    return undefined;
  }
}

function confusion(id: string, task: string, model: string, { scores }: ReportAnswers): Picture | undefined {
  const { labels } = scores;
  if (labels.length > maximumMatrixLabels) return undefined;
  const matrix = confusionMatrix(scores);
  if (matrix === undefined) return undefined;
  const rows = labels.map((_, row) => [...matrix.subarray(row * labels.length, (row + 1) * labels.length)]);
  return heatMap({
    id,
    title: `Confusions: ${task}, ${model}`,
    description: 'Test clips by correct label (rows) and answered label (columns), all folds together.',
    rows: labels,
    columns: labels,
    rowName: 'right',
    values: rows,
    range: [0, Math.max(1, ...matrix)],
    text: String,
  });
}
