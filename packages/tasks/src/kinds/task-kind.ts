import type { TaskError } from '@hearken/core';
import type { Metric } from '@hearken/metrics';
import { shown } from '@hearken/core/internal';
import type { Clip, PredictionType, TaskMetadata } from '../task.js';

/** Makes the error from what was found in a clip's entry and how to fix it. */
export type ContentFault = (found: string, fix: string) => TaskError;

/** Context for reading a clip's entry in a split's JSON. */
export interface ContentContext {
  /** Whether a clip has one label, any number of labels, or numbers. */
  readonly predictionType: PredictionType;
  /** Labels by vocabulary index, or the targets of a regression task. */
  readonly labels: readonly string[];
  /** The same, to look a label up. */
  readonly vocabulary: ReadonlySet<string>;
  readonly fail: ContentFault;
}

/**
 * What differs between kinds of tasks: how a split's JSON states the correct answer for a clip, and which metrics score a task
 * made from custom data. Everything in this package that differs between kinds is behind this interface; `kinds/registry.ts`
 * lists them.
 */
export interface TaskKind {
  /** Also the kind of the metrics that score it. */
  readonly name: Metric['kind'];
  /** `embedding_type` of its metadata. */
  readonly embeddingType: TaskMetadata['embeddingType'];
  /** Each `prediction_type` that its metadata may have, and the metrics of a task made from custom data. */
  readonly defaultMetrics: Readonly<Partial<Record<PredictionType, readonly string[]>>>;
  /** Whether the vocabulary holds labels, rather than names of numbers. */
  readonly hasLabels: boolean;

  /**
   * Reads a clip's entry in a split's JSON.
   *
   * @throws TaskError for an entry that is not of this kind
   */
  readContent(content: unknown, context: ContentContext): Omit<Clip, 'name'>;
}

/**
 * A label as text, checked against the vocabulary.
 *
 * @throws TaskError for anything else
 */
export function readLabel(label: unknown, { vocabulary, fail }: ContentContext): string {
  if (typeof label !== 'string' && typeof label !== 'number') {
    throw fail(`label ${shown(label)}`, 'write labels as text or numbers');
  }
  const text = String(label);
  if (!vocabulary.has(text))
    throw fail(`label '${text}', which is not in the vocabulary`, 'add it to labelvocabulary.csv');
  return text;
}
