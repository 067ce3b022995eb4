import type { EventMetric, RegressionMetric, SceneMetric } from '../metric.js';
import type { EventAnswers, RegressionAnswers, SceneAnswers } from './answers.js';
import { eventKind } from './event.js';
import type { ScoringKind } from './kind.js';
import { regressionKind } from './regression.js';
import { sceneKind } from './scene.js';

/** A metric of any kind. */
export type Metric = SceneMetric | EventMetric | RegressionMetric;

/** The correct and predicted answers for the test clips of one fold. */
export type TestAnswers = SceneAnswers | RegressionAnswers | EventAnswers;

/** How answers are scored, by the kind of their metrics. */
export const scoringKinds: Readonly<Record<Metric['kind'], ScoringKind<TestAnswers, Metric>>> = {
  scene: sceneKind,
  regression: regressionKind,
  event: eventKind,
};
