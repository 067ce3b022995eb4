import { join } from 'node:path';
import { type HeadKind, isHearkenError, type Plugin, type RuntimeOptions, TaskError } from '@hearken/core';
import { fileSha256, writeFileAtomic } from '@hearken/core/node';
import { writeAdapter } from '@hearken/onnx';
import { createNodeSession } from '@hearken/onnx/node';
import type { EvaluationIdentity } from '@hearken/results/node';
import { mergeAdapters, resolveRecipe } from '@hearken/train';
import type { Task } from '@hearken/tasks';
import { poolingOf } from '../embeddings/pooling.js';
import type { EvaluationOptions } from '../evaluation/evaluation.js';
import type { FinetuneContext } from '../probes/probe.js';
import { probeOutput } from '../probes/outputs/registry.js';
import { finetuneProbe } from '../probes/registry.js';
import type { EmbeddingSource } from './embed-task.node.js';
import type { LoadedModel } from './loaded-model.node.js';
import { examplesSource, rowForm } from './training-examples.js';

/**
 * An evaluation with all numbers of its recipe, if it is one.
 *
 * @throws OptionError for a recipe or a setting that the model doesn't have; TaskError for events
 */
export function withRecipe(
  evaluation: EvaluationIdentity,
  { id, metadata }: Pick<Task, 'id' | 'metadata'>,
  plugin: Pick<Plugin, 'name' | 'training'>,
): EvaluationIdentity {
  const { probe, finetune } = evaluation;
  if (probe !== finetuneProbe || finetune === undefined) return evaluation;
  if (poolingOf(metadata).hasTimestamps) {
    throw new TaskError({
      asked: `task '${id}' with recipe '${finetune.recipe}'`,
      found: 'events over time, and recipes for whole clips',
      fix: 'train a probe on this task',
    });
  }
  const { recipe, settings } = finetune;
  const resolved = resolveRecipe(recipe, plugin.training?.recipes ?? {}, `plugin '${plugin.name}'`, settings);
  return { ...evaluation, finetune: { recipe, settings: resolved.settings } };
}

/** A model that is about to be trained on a task. */
export interface OpenedTraining {
  /** Its prepared examples in place of embeddings. */
  readonly source: EmbeddingSource;
  /** What an evaluation needs of it. */
  readonly options: Pick<EvaluationOptions, 'finetuneContext' | 'lanes'>;
  /** Frees the model. */
  readonly dispose: () => Promise<void>;
}

/** What is trained, and where its files are kept. */
export interface TrainingRequest {
  readonly task: Pick<Task, 'id' | 'metadata' | 'labels'>;
  readonly model: LoadedModel;
  readonly evaluation: EvaluationIdentity;
  /** Folder for trained models; undefined if they are not kept. */
  readonly checkpoints: string | undefined;
  /** How its sessions compute. */
  readonly runtime: RuntimeOptions;
  readonly note: (message: string) => void;
  readonly checkpointSeconds?: number | undefined;
  readonly onUpdate?: FinetuneContext['onUpdate'];
}

/**
 * Opens a model for training; undefined for an evaluation that trains a probe.
 *
 * @throws HearkenError for a model that cannot be trained
 */
export async function openTraining(request: TrainingRequest): Promise<OpenedTraining | undefined> {
  const { task, model, evaluation, runtime, checkpoints } = request;
  const { finetune } = evaluation;
  if (finetune === undefined) return undefined;
  const opened = await model.openForTraining();
  try {
    const { recipe: name, settings } = finetune;
    const recipe = resolveRecipe(name, model.plugin.training?.recipes ?? {}, model.name, settings);
    const rows = rowForm(opened, task.metadata.sampleDuration ?? undefined);
    const context: FinetuneContext = {
      ...{ recipe, form: rows.form, model: opened },
      createSession: createNodeSession,
      session: runtime,
      memoryBytes: process.availableMemory?.(),
      onUpdate: request.onUpdate,
      ...(request.checkpointSeconds === undefined ? {} : { checkpointSeconds: request.checkpointSeconds }),
    };
    const save: FinetuneContext['save'] = (weights, key) =>
      keepModel(context, weights, { ...request, folder: join(checkpoints!, folderOf(key)) });
    const finetuneContext = checkpoints === undefined ? context : { ...context, save };
    return {
      source: examplesSource(model.description, opened, rows),
      // One training at a time has all cores.
      options: { finetuneContext, lanes: 1 },
      dispose: () => opened.dispose(),
    };
  } catch (error) {
    await opened.dispose();
    throw error;
  }
}

/** The first split's training is that of the grid. */
function folderOf(key: string): string {
  return key.replace(/^grid-\d+-/, 'split-0-');
}

/**
 * Writes a trained model's files, with adapters merged into its weights, and these alone in a folder `adapter`. A training
 * is not lost because its files cannot be written: the result says so.
 */
async function keepModel(
  { model, recipe, form }: FinetuneContext,
  weights: ReadonlyMap<string, Float32Array>,
  { task, folder, note }: TrainingRequest & { readonly folder: string },
): Promise<Readonly<Record<string, unknown>>> {
  try {
    const trained = { model, recipe, form, outputs: task.labels.length };
    const { tensors, adapters } = await mergeAdapters(trained, weights);
    const files = await model.save({ tensors, labels: task.labels, ...headKind(task.metadata) });
    const written: { name: string; bytes: number; sha256: string }[] = [];
    for (const { name, parts } of files) written.push(await writeSaved(folder, name, parts));
    for (const { name, parts } of adapters === undefined ? [] : writeAdapter(adapters)) {
      written.push(await writeSaved(folder, `adapter/${name}`, parts));
    }
    return { checkpoint: written };
  } catch (error) {
    if (!isHearkenError(error)) throw error;
    note(`the trained model is not saved: ${error.message}`);
    return { checkpoint: null };
  }
}

/** What a trained head answers; nothing for one that predicts numbers. */
function headKind(metadata: Task['metadata']): { readonly kind?: HeadKind } {
  return probeOutput(metadata).isClassification ? { kind: metadata.predictionType as HeadKind } : {};
}

async function writeSaved(folder: string, name: string, parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) {
  const path = join(folder, name);
  let bytes = 0;
  async function* counted() {
    for await (const part of parts) {
      bytes += part.length;
      yield part;
    }
  }
  await writeFileAtomic(path, counted());
  return { name, bytes, sha256: await fileSha256(path) };
}
