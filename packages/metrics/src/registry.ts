import { OptionError, didYouMean } from '@hearken/core';
import type { Metric } from './kinds/registry.js';
import eventOnset200 from './event/event_onset_200ms_fms.js';
import eventOnset50 from './event/event_onset_50ms_fms.js';
import eventOnsetOffset from './event/event_onset_offset_50ms_20perc_fms.js';
import segmentErrorRate from './event/segment_1s_er.js';
import mae from './regression/mae.js';
import pearson from './regression/pearson.js';
import r2 from './regression/r2.js';
import rmse from './regression/rmse.js';
import auprc from './scene/auprc.js';
import aucroc from './scene/aucroc.js';
import balancedAccuracy from './scene/balanced_accuracy.js';
import brier from './scene/brier.js';
import chromaAccuracy from './scene/chroma_acc.js';
import cinc2020 from './scene/cinc2020.js';
import dPrime from './scene/d_prime.js';
import ece from './scene/ece.js';
import f1Macro from './scene/f1_macro.js';
import f1Micro from './scene/f1_micro.js';
import f1Weighted from './scene/f1_weighted.js';
import icbhiScore from './scene/icbhi_score.js';
import icbhiSensitivity from './scene/icbhi_sensitivity.js';
import icbhiSpecificity from './scene/icbhi_specificity.js';
import meanAveragePrecision from './scene/mAP.js';
import pitchAccuracy from './scene/pitch_acc.js';
import ppv from './scene/ppv.js';
import sensitivity from './scene/sensitivity.js';
import specificity from './scene/specificity.js';
import top1Accuracy from './scene/top1_acc.js';

const metrics: readonly Metric[] = [
  top1Accuracy,
  pitchAccuracy,
  chromaAccuracy,
  meanAveragePrecision,
  aucroc,
  dPrime,
  auprc,
  f1Macro,
  f1Micro,
  f1Weighted,
  balancedAccuracy,
  sensitivity,
  specificity,
  ppv,
  icbhiScore,
  icbhiSensitivity,
  icbhiSpecificity,
  cinc2020,
  brier,
  ece,
  mae,
  rmse,
  r2,
  pearson,
  eventOnset200,
  eventOnset50,
  eventOnsetOffset,
  segmentErrorRate,
];

/**
 * The names of all metrics: of scenes, of regression, and of events.
 *
 * @param custom custom metrics, see `defineMetric`; they come last
 */
export function metricNames(custom: readonly Metric[] = []): string[] {
  return [...metrics, ...custom].map((metric) => metric.name);
}

/**
 * The metric that a task's `evaluation` names.
 *
 * @param custom custom metrics, see `defineMetric`
 * @throws OptionError for an unknown name; suggests the nearest known one
 */
export function metricByName(name: string, custom: readonly Metric[] = []): Metric {
  const metric =
    metrics.find((candidate) => candidate.name === name) ?? custom.find((candidate) => candidate.name === name);
  if (metric !== undefined) return metric;
  const known = metricNames(custom);
  throw new OptionError({
    asked: `metric '${name}'`,
    found: 'no such metric',
    fix: `${didYouMean(name, known)}known: ${known.join(', ')}; load a custom one with --extension`,
  });
}
