import { OptionError, didYouMean } from '@hearken/core';
import type { Metric } from './metric.js';
import eventOnset200 from './event/event_onset_200ms_fms.js';
import eventOnset50 from './event/event_onset_50ms_fms.js';
import eventOnsetOffset from './event/event_onset_offset_50ms_20perc_fms.js';
import segmentErrorRate from './event/segment_1s_er.js';
import aucroc from './scene/aucroc.js';
import chromaAccuracy from './scene/chroma_acc.js';
import dPrime from './scene/d_prime.js';
import meanAveragePrecision from './scene/mAP.js';
import pitchAccuracy from './scene/pitch_acc.js';
import top1Accuracy from './scene/top1_acc.js';

const metrics: readonly Metric[] = [
  top1Accuracy,
  pitchAccuracy,
  chromaAccuracy,
  meanAveragePrecision,
  aucroc,
  dPrime,
  eventOnset200,
  eventOnset50,
  eventOnsetOffset,
  segmentErrorRate,
];

/** The names of all metrics, those over scenes first. */
export function metricNames(): string[] {
  return metrics.map((metric) => metric.name);
}

/**
 * The metric that a task's `evaluation` names.
 *
 * @throws OptionError for an unknown name, with the nearest known one
 */
export function metricByName(name: string): Metric {
  const metric = metrics.find((candidate) => candidate.name === name);
  if (metric !== undefined) return metric;
  throw new OptionError({
    asked: `metric '${name}'`,
    found: 'no such metric',
    fix: `${didYouMean(name, metricNames())}known: ${metricNames().join(', ')}`,
  });
}
