import { CheckpointError, type SavedFile, type TrainedWeights } from '@hearken/core';
import {
  configFile,
  type ModelFiles,
  nameInFile,
  rewriteCheckpoint,
  savedFile,
  type TensorValues,
} from '@hearken/onnx';
import { headNames } from './head.js';
import { chooseSizes, selectEncoder } from './sizes.js';

/** What a fine-tuned HeAR is made from besides its weights. */
export interface HearFinetunedOptions {
  /** Which of several sets of weights was trained. */
  readonly weights?: string;
}

/**
 * A fine-tuned HeAR in the published layout: the checkpoint's file with the trained tensors as float32 and everything else
 * as it was, and its `config.json` with the labels. No layout of a head is published: it is beside the published names,
 * as `head.weight` `[labels, scene embedding size]` and `head.bias`. The plugin loads the folder, and transformers' ViT
 * ignores the head.
 *
 * @param files the checkpoint that training began with
 * @throws CheckpointError for trained tensors that it does not have, or of another size
 */
export async function hearFinetuned(
  files: ModelFiles,
  trained: TrainedWeights,
  { weights }: HearFinetunedOptions = {},
): Promise<SavedFile[]> {
  const { checkpoint, config } = files;
  const encoder = selectEncoder(checkpoint, weights);
  const { sceneEmbeddingSize } = chooseSizes(encoder, config);
  const outputs = trained.labels.length;
  const tensors = new Map<string, TensorValues>();
  for (const [name, data] of trained.tensors) {
    const plain = name.replace(/^checkpoint\//, '');
    if (headNames.includes(plain)) {
      tensors.set(plain, { data, shape: plain === 'head.weight' ? [outputs, sceneEmbeddingSize] : [outputs] });
    } else {
      const stored = nameInFile(checkpoint, encoder, plain);
      tensors.set(stored, { data, shape: encoder.tensors.get(plain)?.shape ?? [] });
    }
  }
  const missing = headNames.find((name) => !tensors.has(name));
  if (missing !== undefined) {
    const fix = 'pass all tensors of the head by their names in the training graph';
    throw new CheckpointError({
      asked: `to write ${checkpoint.name} fine-tuned`,
      found: `no trained '${missing}'`,
      fix,
    });
  }
  const written = await rewriteCheckpoint(files, { tensors });
  return [...(await Promise.all(written.map(savedFile))), configFile({ ...config?.values }, trained)];
}
