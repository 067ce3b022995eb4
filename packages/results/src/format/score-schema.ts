import * as v from 'valibot';
import type { IntervalMethod, ScoreInterval } from '@hearken/metrics/internal';
import { anyByName, byName, finite, finiteOrNull, openText, sha256, text, whole } from './fields.js';

/** Where the test predictions of a result are: a `.npy` next to it, `[rows, labels]`, fold after fold. */
export const predictionsFile = v.object(
  {
    /** Its name, in the result's folder. */
    file: text(),
    /** `[rows, labels]` */
    shape: v.strictTuple([whole(), whole()], '[rows, labels]'),
    /** Of the file, in hexadecimal; results of earlier versions lack it. */
    sha256: v.optional(sha256),
  },
  'a file and its shape, or null',
);

/** A confidence interval of a score. */
const interval = v.object(
  {
    /** Lower bound; null if infinite. */
    low: finiteOrNull,
    /** Upper bound; null if infinite. */
    high: finiteOrNull,
    /** Confidence level: how often such an interval contains the true score. */
    level: finite(),
    /** Number of resamples behind it. */
    samples: whole(),
    /** How it was computed; results of earlier versions have percentile intervals without stating it. */
    method: v.optional(openText<IntervalMethod>()),
    /** What is assumed independent: clips, or groups of clips. */
    over: v.optional(openText<NonNullable<ScoreInterval['over']>>()),
  },
  'an interval or null',
);

/** The interval of one label's area under the ROC curve, by DeLong. */
const areaInterval = v.object(
  {
    /** The area, 0 to 1; 0.5 is chance. */
    area: finite(),
    /** Its standard error. */
    standardError: finite(),
    /** Its lower end. */
    low: finite(),
    /** Its upper end. */
    high: finite(),
    /** Its confidence level. */
    level: finite(),
    /** Effective number of independent answers. */
    size: finite(),
    /** Degrees of freedom of the standard error. */
    degrees: finite(),
  },
  'an interval or null',
);

/** The parts of an event metric, such as precision and recall. */
const parts = byName(finiteOrNull);

/** A metric's score in a result. */
export const resultScore = v.object(
  {
    /**
     * Mean over folds; with several seeds, the mean of their means. Null if the metric is undefined on one of the
     * folds.
     */
    mean: finiteOrNull,
    /** Sample standard deviation, over folds, of each fold's mean over seeds; null for a single fold. */
    deviation: finiteOrNull,
    /** Sample standard deviation, over seeds, of each seed's mean over folds; absent for a single seed. */
    seedDeviation: v.optional(finiteOrNull),
    /** Confidence interval over test clips or groups of them; null if undefined. */
    interval: v.nullable(interval),
    /** Number of test clips in all folds that the score is computed from: for a sensitivity, the positive ones. */
    clips: v.optional(whole()),
    /** Number of groups (people, recordings) of the test clips, if the task names groups. */
    groups: v.optional(whole()),
    /** What the same answer for every clip would score; null if undefined. */
    chance: v.optional(finiteOrNull),
    /**
     * The test splits on which the metric is undefined, and why. The score there is null, or the original metric's
     * conventional number.
     */
    undefinedOn: v.optional(
      v.array(
        v.object(
          {
            /** Name of the test split. */
            test: text(),
            /** Why. */
            because: text(),
          },
          'a test split and why',
        ),
        'a list of test splits',
      ),
    ),
    /**
     * `aucroc`: DeLong intervals of each label's area for the first seed; for two classes, only of the positive one.
     */
    delong: v.optional(byName(v.nullable(areaInterval))),
    /** Event metrics: the parts of the score, such as precision and recall, as means over folds. */
    parts: v.optional(parts),
  },
  'an object with mean and deviation',
);

/** Scores by metric; null if undefined. */
export const scoresByMetric = byName(finiteOrNull, 'a score of each metric');

/** A fold in a result. Its predictions, if stored, are in the predictions file. */
export const resultFold = v.object(
  {
    /** Name of the test split. */
    test: text(),
    /** Number of test rows. */
    rows: whole(),
    /** Test score by metric; null if the metric is undefined. */
    scores: scoresByMetric,
    /** The best validation score; null if none was finite. */
    validationScore: finiteOrNull,
    /** Epoch of the best validation score, from 1; 0 if training improved nothing. */
    epoch: finite(),
    /** Epochs until training stopped. */
    epochsTrained: finite(),
    /** Wall time of the training. */
    seconds: finite(),
    /**
     * What was chosen on validation data and applied unchanged to the test split: thresholds, or the post-processing of
     * events.
     */
    decision: v.optional(v.unknown()),
    /** What the probe chose itself, such as the strength of its penalty, as JSON values. */
    details: v.optional(anyByName),
    /**
     * The constant answer for the chance level: how often the training clips have each label, or their mean values.
     * `[labels]`
     */
    constant: v.optional(v.array(finite(), 'a list of numbers')),
    /** Event metrics: the parts of each score. */
    parts: v.optional(byName(parts)),
  },
  'a fold with its scores',
);

/** The scores of one of several probe seeds. */
export const resultSeed = v.object(
  {
    /** The seed of its random numbers. */
    seed: whole(),
    /** Mean over folds by metric; null if the metric is undefined. */
    scores: scoresByMetric,
    /** One per test split. */
    folds: v.pipe(v.array(resultFold, 'a list of folds'), v.nonEmpty('a list of folds')),
    /**
     * Where its predictions are, for every seed except the first; absent for events, and in results of earlier
     * versions.
     */
    predictions: v.optional(v.nullable(predictionsFile)),
  },
  'the scores and folds of a seed',
);

/** The validation score of a grid point. */
export const gridPoint = v.object(
  {
    /** The hyper-parameters. */
    configuration: anyByName,
    /** The best validation score; null if none was finite. */
    validationScore: finiteOrNull,
    /** Epoch of the best validation score, from 1. */
    epoch: finite(),
    /** Epochs until training stopped. */
    epochsTrained: finite(),
    /** Wall time of the training. */
    seconds: finite(),
  },
  'a grid point',
);
