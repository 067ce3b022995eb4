import { hearTaskOf } from '@hearken/tasks';
import type { ReportResult } from '../read/report-result.js';
import type { Category } from './leaderboard.js';

/** Prefixes of the names of known tasks, including those written by `hearken tasks make`. */
const beginnings: readonly (readonly [string, Category])[] = [
  ['icbhi', 'lungs'],
  ['sprsound', 'lungs'],
  ['kauh', 'lungs'],
  ['cough', 'coughs and breath'],
  ['coswara', 'coughs and breath'],
  ['cidrz', 'coughs and breath'],
  ['flusense', 'coughs and breath'],
  ['fsd50k_health', 'coughs and breath'],
  ['ptbxl', 'heart'],
  ['hubert_ecg', 'heart'],
  ['fsdd', 'speech'],
  ['spoken_digit', 'speech'],
  ['digits_in_noise', 'speech'],
  ['mini_', 'synthetic'],
];

/** The category of a task, by HEAR's list, its name, or else its signals. */
export function categoryOf({ name, mode, modality }: ReportResult['task']): Category {
  const known = hearTaskOf(name, mode)?.category ?? beginnings.find(([start]) => name.startsWith(start))?.[1];
  return known ?? (modality === 'ecg' ? 'heart' : 'other');
}
