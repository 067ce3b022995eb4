import {
  getSceneEmbeddings,
  getTimestampEmbeddings,
  type GivenLabels,
  type HeadKind,
  OptionError,
  TaskError,
  type TestTimeCrops,
} from '@hearken/core';
import { logitsEmbedder, logitsFacts, namedHead } from '@hearken/core/internal';
import { type EmbedderDescription, headDescription } from '@hearken/core/remote';
import type { HeadSettings } from '@hearken/results';
import type { Task } from '@hearken/tasks';
import { type LabelMap, matchLabels } from '@hearken/tasks/internal';
import { poolingOf } from '../embeddings/pooling.js';
import type { EmbeddingSource } from './embed-task.node.js';

/** How the user wants a model's own head to be scored, whatever the task. */
export interface HeadRequest {
  /** Labels of the head for those of tasks that it names otherwise. */
  readonly labelMap?: LabelMap;
  /** Names of the head's labels; default: the checkpoint's. */
  readonly names?: GivenLabels;
  /** Whether one label holds or any number; default: the checkpoint's. */
  readonly kind?: HeadKind;
  /** Answer from random crops; default: clips as a whole. */
  readonly crops?: NonNullable<HeadSettings['crops']>;
}

/**
 * How a model's head answers for a task.
 *
 * @throws OptionError for a model without a head or without names; TaskError if the head lacks labels of the task, or
 *   cannot answer over time as the task asks
 */
export function headSettings(
  { id, labels, metadata }: Pick<Task, 'id' | 'labels' | 'metadata'>,
  description: EmbedderDescription,
  { labelMap, names, kind, crops }: HeadRequest,
): HeadSettings {
  const answers = headDescription(description);
  const head = namedHead({ provenance: description.provenance, head: answers, noHead: description.noHead }, names);
  const { plugin, model } = description.provenance;
  const of = { task: id, model: `${plugin}:${model}` };
  if (poolingOf(metadata).hasTimestamps && answers?.timestamps !== true) {
    throw new TaskError({
      asked: `events of task '${id}' from the head of ${of.model}`,
      found: 'a head that answers for whole windows only',
      fix: 'choose a model whose head answers over time, or train a probe',
    });
  }
  const matched = matchLabels(labels, head.labels, labelMap, of);
  return {
    kind: kind ?? head.kind,
    size: head.size,
    labels: labels.map((label, index) => ({
      label,
      head: matched[index],
      names: matched[index].map((one) => head.labels[one]),
    })),
    ...(crops === undefined ? {} : { crops }),
  };
}

/**
 * Checks settings that a result names against the model and the task that they are used for.
 *
 * @throws OptionError if they are of another head or of other labels
 */
export function checkHeadSettings(
  { size, labels }: HeadSettings,
  description: EmbedderDescription,
  task: Pick<Task, 'id' | 'labels'>,
): void {
  const found = headDescription(description)?.size ?? 0;
  const areOf = labels.length === task.labels.length && labels.every(({ label }, at) => label === task.labels[at]);
  const isInside = labels.every(({ head }) => head.every((index) => index < size));
  if (found === size && areOf && isInside) return;
  throw new OptionError({
    asked: `a head of ${size} labels for the labels of task '${task.id}'`,
    found: found === size ? 'other labels of the task, or of the head' : `a head of ${found} labels`,
    fix: 'use the model and the task that the settings are of',
  });
}

/** The logits of a model's head in place of its embeddings. */
export function logitsSource(model: EmbeddingSource, { crops, size }: HeadSettings, seed: number): EmbeddingSource {
  const drawn: TestTimeCrops | undefined = crops === undefined ? undefined : { ...crops, seed };
  const { description } = model;
  const { sampleRate, channels, minimumSceneSamples, minimumTimestampSamples } = description;
  return {
    // Its own functions are made for its embeddings.
    plugin: { ...model.plugin, getSceneEmbeddings, getTimestampEmbeddings },
    // Field by field: an embedder's may be those of its class.
    description: {
      ...{ sampleRate, channels, minimumSceneSamples, minimumTimestampSamples },
      ...logitsFacts(description, size, drawn),
    },
    open: async () => logitsEmbedder(await model.open(), drawn),
  };
}
