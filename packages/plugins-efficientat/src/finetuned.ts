import type { SavedFile, TrainedWeights } from '@hearken/core';
import { configFile, finetunedTensors, headContents, type ModelFiles, savedFile, stateDict } from '@hearken/onnx';
import { writeTorchCheckpoint } from '@hearken/onnx';
import { models } from './models.js';
import { chooseVariant, selectNetwork } from './variant.js';

/** What a fine-tuned EfficientAT is made from besides its weights. */
export interface EfficientAtFinetunedOptions {
  /** The model, such as `mn10_as`; default: the one that has the checkpoint's weights. */
  readonly model?: string;
  /** Which of several sets of weights was trained. */
  readonly weights?: string;
}

const head = /^classifier\.5\.(?:weight|bias)$/;

/**
 * A fine-tuned EfficientAT in its authors' layout: one flat state dict with the names of the released models, float32
 * (the counters of batch norms int64), with the new last layer as `classifier.5.*`, in a file named as the released one,
 * so that the plugin knows its front end; and a `config.json` with the labels. The plugin loads the folder of both.
 *
 * @param files the checkpoint that training began with
 * @throws CheckpointError for trained tensors that it does not have; OptionError as `efficientAtTrainingGraph`
 */
export async function efficientAtFinetuned(
  files: ModelFiles,
  trained: TrainedWeights,
  { model: asked, weights }: EfficientAtFinetunedOptions = {},
): Promise<SavedFile[]> {
  const network = selectNetwork(files.checkpoint, weights);
  const { model } = chooseVariant(network, asked === undefined ? {} : { model: asked });
  const tensors = finetunedTensors(files, network, trained.tensors, (name) => head.test(name));
  const outputs = trained.labels.length;
  const inputs = (trained.tensors.get('classifier.5.weight')?.length ?? 0) / outputs;
  tensors.set('classifier.5.weight', headContents(trained, 'classifier.5.weight', [outputs, inputs]));
  tensors.set('classifier.5.bias', headContents(trained, 'classifier.5.bias', [outputs]));
  const name = `${fileName(model)}.pt`;
  return [await savedFile({ name, parts: writeTorchCheckpoint(stateDict(tensors)) }), configFile({}, trained)];
}

/** The name of the released file, without its extension. */
function fileName(model: string): string {
  return (models[model].checkpointUrl ?? model).replace(/^.*\//, '').replace(/\.\w+$/, '');
}
