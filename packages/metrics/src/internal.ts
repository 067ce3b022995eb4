/** What Hearken's packages share of this one. Not for others: names here change without notice. */
export { argmax } from './argmax.js';
export { answeredClasses, defaultThreshold, positiveLabel, reached } from './decisions.js';
export { areaIntervals } from './intervals/area-intervals.js';
export { differenceScores, foldScores } from './intervals/fold-scores.js';
export { jackknife } from './intervals/jackknife.js';
export { meanOrNull } from './intervals/mean-or-null.js';
export { percentileInterval } from './intervals/percentile-interval.js';
export { groupsOfClips, samplingUnits, type SamplingUnits } from './intervals/sampling-units.js';
export { scoreContexts, type ScoreContext } from './intervals/score-context.js';
export type { ScoreInterval } from './intervals/score-interval.js';
export { bootstrapPercentiles, isBounded, scoreIntervals } from './intervals/score-intervals.js';
export { meanParts, scoreParts, type ScoreParts } from './intervals/score-parts.js';
export {
  fileAnswers,
  sceneScores,
  weightedMetric,
  type EventAnswers,
  type SceneAnswers,
  type TestAnswers,
} from './kinds/answers.js';
export { weightedEventMetric } from './kinds/event.js';
export { affordableSamples, type WeightedMetric } from './intervals/weighted-metric.js';
export { midranks } from './ranked-answers.js';
export { weightedRegressionMetric } from './kinds/regression.js';
export { isRanking, weightedSceneMetric } from './kinds/scene.js';
export { normalQuantile } from './normal-quantile.js';
export { areProbabilities } from './probabilities.js';
export { regressionMetric } from './regression-scores.js';
export { isMulticlass, sceneMetric } from './scene-scores.js';
export { studentQuantile } from './statistics/incomplete-beta.js';
export { twoSidedTail } from './statistics/normal-tail.js';
