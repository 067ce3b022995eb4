import * as v from 'valibot';
import type { IntervalMethod, ScoreInterval } from '@hearken/metrics/internal';
import { anyByName, byName, finite, finiteOrNull, openText, sha256, text, whole } from './fields.js';

/** Where the test predictions of a result are: a `.npy` beside it, `[rows, labels]`, the folds one after the other. */
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
    /** Its lower end; null where it is infinite. */
    low: finiteOrNull,
    /** Its upper end; null where it is infinite. */
    high: finiteOrNull,
    /** Share of the draws of test clips whose interval holds the true score. */
    level: finite(),
    /** Resamples that it comes from. */
    samples: whole(),
    /** How it was computed; results of earlier versions have percentile intervals and do not say so. */
    method: v.optional(openText<IntervalMethod>()),
    /** What is independent of each other: clips, or groups of them. */
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
    /** How many independent answers the area is worth. */
    size: finite(),
    /** Degrees of freedom of the standard error. */
    degrees: finite(),
  },
  'an interval or null',
);

/** What an event metric is made of, such as precision and recall. */
const parts = byName(finiteOrNull);

/** A metric's score in a result. */
export const resultScore = v.object(
  {
    /** Mean over folds, of several seeds the mean of their means; null where the metric is undefined in one of them. */
    mean: finiteOrNull,
    /** Sample deviation over folds, of each fold's mean over seeds; null for a single fold. */
    deviation: finiteOrNull,
    /** Sample deviation over seeds, of each seed's mean over folds; absent for a single seed. */
    seedDeviation: v.optional(finiteOrNull),
    /** Confidence interval over test clips or groups of them; null where it is undefined. */
    interval: v.nullable(interval),
    /** Test clips that the score is of: of a sensitivity the positive ones. Over all folds. */
    clips: v.optional(whole()),
    /** Groups (people, recordings) that the test clips come in, where the task names them. */
    groups: v.optional(whole()),
    /** What the same answer for every clip would score; null where that is undefined. */
    chance: v.optional(finiteOrNull),
    /** The test splits on which the metric is undefined, and why. The score there is null, or the number that the metric's original gives by convention. */
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
    /** `aucroc`: DeLong intervals of each label's area, of the first seed; of two classes the positive one's alone. */
    delong: v.optional(byName(v.nullable(areaInterval))),
    /** Event metrics: means over folds of what the score is made of, such as precision and recall. */
    parts: v.optional(parts),
  },
  'an object with mean and deviation',
);

/** Scores by metric; null where the metric is undefined. */
export const scoresByMetric = byName(finiteOrNull, 'a score of each metric');

/** A fold in a result: its predictions, where they are kept, are in the predictions' file. */
export const resultFold = v.object(
  {
    /** Name of the test split. */
    test: text(),
    /** Test rows. */
    rows: whole(),
    /** Test score by metric; null where the metric is undefined. */
    scores: scoresByMetric,
    /** The best score on validation; null where none was finite. */
    validationScore: finiteOrNull,
    /** Epoch of the best validation score, from 1; 0 where training improved nothing. */
    epoch: finite(),
    /** Epochs until training stopped. */
    epochsTrained: finite(),
    /** Wall time of the training. */
    seconds: finite(),
    /** What was decided on validation and applied to the test split unchanged: thresholds, or how events are made. */
    decision: v.optional(v.unknown()),
    /** What the probe chose on its own, such as the strength of its penalty: JSON values. */
    details: v.optional(anyByName),
    /** What the chance level comes from: how often the training clips have each label, or their means. `[labels]` */
    constant: v.optional(v.array(finite(), 'a list of numbers')),
    /** Event metrics: what each score is made of. */
    parts: v.optional(byName(parts)),
  },
  'a fold with its scores',
);

/** What one of several probe seeds gave. */
export const resultSeed = v.object(
  {
    /** What its random numbers follow from. */
    seed: whole(),
    /** Mean over folds by metric; null where the metric is undefined. */
    scores: scoresByMetric,
    /** One a test split. */
    folds: v.pipe(v.array(resultFold, 'a list of folds'), v.nonEmpty('a list of folds')),
    /** Where its answers are, of every seed but the first; absent for events, and in results of earlier versions. */
    predictions: v.optional(v.nullable(predictionsFile)),
  },
  'the scores and folds of a seed',
);

/** What a point of the grid scored on validation. */
export const gridPoint = v.object(
  {
    /** The hyper-parameters. */
    configuration: anyByName,
    /** The best score on validation; null where none was finite. */
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
