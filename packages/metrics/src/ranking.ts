import type { MetricDescription, SceneMetric, WeightedScore } from './metric.js';
import { type LabelMeasure, rankAnswers } from './ranked-answers.js';
import { preparedSceneMetric } from './scene-scores.js';
import type { SceneScores } from './scores.js';

type RankingParts = Pick<SceneMetric, 'undefinedBecause' | 'isRocArea' | 'perfectScoreWorth'> & {
  /** The labels over which the metric is the mean, by index; default: all. */
  readonly labels?: (scores: SceneScores) => readonly number[];
};

/**
 * A metric that is the mean over labels of a function of the order of a label's scores. The answers are sorted once for
 * each label; a resample only goes through them with its weights.
 */
export function rankingMetric(
  description: MetricDescription,
  measure: LabelMeasure,
  { labels = ({ labels: all }) => [...all.keys()], ...parts }: RankingParts = {},
): SceneMetric {
  const prepare = (scores: SceneScores): WeightedScore => {
    const chosen = labels(scores);
    const ranked = rankAnswers(scores, chosen);
    const count = scores.targets.length / scores.labels.length;
    return (weights) => {
      if (!(weights as Uint16Array).some((weight) => weight > 0)) return Number.NaN;
      let sum = 0;
      for (let place = 0; place < chosen.length; place += 1)
        sum += measure(ranked, place * count, (place + 1) * count, weights);
      return sum / chosen.length;
    };
  };
  return preparedSceneMetric(description, { ...parts, ranking: { labels }, prepare });
}
