import type { ClipContent, PlannedEntry } from './dataset.js';
import { splitByGroup } from './split-by-group.js';

/** A clip with its labels, before it has a split. */
export type LabelledClip = Omit<PlannedEntry, 'split'>;

/** The splits of a task with one division. */
export const threeSplits = ['train', 'valid', 'test'] as const;

/** Names of `count` folds. */
export function foldNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `fold${String(index).padStart(2, '0')}`);
}

/** Divides clips by group: 60% train, 20% valid, 20% test. */
export function trainValidTest(clips: readonly LabelledClip[], seed: number): PlannedEntry[] {
  return assign(clips, { train: 6, valid: 2, test: 2 }, seed);
}

/** Divides clips by group into folds of about the same size. */
export function inFolds(clips: readonly LabelledClip[], count: number, seed: number): PlannedEntry[] {
  return assign(clips, Object.fromEntries(foldNames(count).map((name) => [name, 1])), seed);
}

/** Moves a fifth of the training clips, by group, to validation, if a dataset has none. */
export function withValidation(entries: readonly PlannedEntry[], seed: number): PlannedEntry[] {
  const train = entries.filter(({ split }) => split === 'train');
  const others = entries.filter(({ split }) => split !== 'train');
  return [...assign(train, { train: 4, valid: 1 }, seed), ...others];
}

function assign(clips: readonly LabelledClip[], shares: Readonly<Record<string, number>>, seed: number) {
  const ranges = rangesOf(clips);
  const items = clips.map(({ clip, content }) => ({
    group: clip.group,
    labels: typeof content === 'number' ? [ranges(content)] : labelsOf(content),
  }));
  const splits = splitByGroup(items, shares, seed);
  return clips.map(({ clip, content }): PlannedEntry => ({ clip, content, split: splits.get(clip.group) ?? 'train' }));
}

/** Parts of the range of a regression task's values, which are spread over the splits like labels. */
const quantiles = 5;

/** Which fifth of all values a value is in. */
function rangesOf(clips: readonly LabelledClip[]): (value: number) => string {
  const values = clips.flatMap(({ content }) => (typeof content === 'number' ? [content] : []));
  const sorted = Float64Array.from(values).sort();
  const bounds = Array.from({ length: quantiles - 1 }, (_, index) => {
    return sorted[Math.floor((sorted.length * (index + 1)) / quantiles)];
  });
  return (value) => `fifth ${bounds.filter((bound) => value >= bound).length}`;
}

/** The labels of a clip, or of its events; none for numbers. */
export function labelsOf(content: ClipContent): string[] {
  if (typeof content === 'number') return [];
  return [...new Set(content.map((item) => (typeof item === 'string' ? item : item.label)))];
}

/** All labels that occur, sorted by code unit. */
export function labelsIn(clips: readonly Pick<LabelledClip, 'content'>[]): string[] {
  return [...new Set(clips.flatMap(({ content }) => labelsOf(content)))].sort();
}

/** HEAR's name for a published split; undefined if it is none of the three. */
export function splitNamed(text: string): 'train' | 'valid' | 'test' | undefined {
  const plain = text.trim().toLowerCase();
  if (['train', 'training'].includes(plain)) return 'train';
  if (['valid', 'val', 'validation', 'dev'].includes(plain)) return 'valid';
  return ['test', 'testing', 'eval', 'evaluation'].includes(plain) ? 'test' : undefined;
}
