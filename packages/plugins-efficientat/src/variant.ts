import { CheckpointError, type LoadOptions, OptionError } from '@hearken/core';
import { type Checkpoint, requireTensor, type SelectedWeights, selectWeights, wrongCheckpoint } from '@hearken/onnx';
import { scaledChannels } from './architecture.js';
import { checkpoints } from './checkpoints.js';
import { models, publishedHops, publishedMelBands, type ModelVariant, variants } from './models.js';

export interface ChosenVariant {
  readonly model: string;
  readonly variant: ModelVariant;
}

/** Names of layers that every model of the family has. */
const landmarks = ['features.0.0.weight', 'features.4.block.0.0.weight', 'features.16.0.weight'];

/**
 * The part of a checkpoint that is the network, whatever the common prefix of its tensors.
 *
 * @param weights which of several sets of weights, see `selectWeights`
 * @throws CheckpointError saying what the checkpoint looks like instead
 */
export function selectNetwork(checkpoint: Checkpoint, weights: unknown): SelectedWeights {
  const network = selectWeights(checkpoint, { landmarks, weights });
  if (network !== undefined) return network;
  const needed = 'an EfficientAT checkpoint (an mn model of its releases)';
  const names = [...checkpoint.tensors.keys()];
  const lacks = landmarks.find((landmark) => !names.some((name) => name.endsWith(landmark)));
  throw wrongCheckpoint(checkpoint, checkpoints, needed, lacks ?? landmarks[0]);
}

/**
 * The model named in the options, checked against the checkpoint. Without a name: the published model whose file has
 * the checkpoint's name, or any with these weights if all of them are computed in the same way. Weights don't show hop,
 * mel bands and strides, so these come from the name or the options.
 *
 * @throws CheckpointError if the checkpoint is not an EfficientAT network, or not of the named width; OptionError if
 * several models with different front ends or strides have such weights
 */
export function chooseVariant(checkpoint: Checkpoint, options: LoadOptions): ChosenVariant {
  const width = checkpointWidth(checkpoint);
  const model = options.model ?? chooseModel(checkpoint, width, options);
  const named = variants[model];
  if (named.width !== width) {
    const fitting = Object.keys(models).filter((name) => variants[name].width === width);
    throw new CheckpointError({
      asked: `${checkpoint.name} as model '${model}' (width ${named.width})`,
      found: `weights of width ${width}`,
      fix: `name a model of that width (${fitting.join(', ')}), or pass the checkpoint of ${model}`,
    });
  }
  const hopMilliseconds = oneOf('hopMilliseconds', options.hopMilliseconds, publishedHops) ?? named.hopMilliseconds;
  const melBands = oneOf('melBands', options.melBands, publishedMelBands) ?? named.melBands;
  return { model, variant: { ...named, hopMilliseconds, melBands } };
}

function chooseModel(network: Checkpoint, width: number, { hopMilliseconds, melBands }: LoadOptions): string {
  const isConvolutional = network.tensors.has('classifier.0.weight');
  const candidates = Object.keys(models).filter(
    (name) => variants[name].width === width && name.includes('_fc') === isConvolutional,
  );
  const fitting = candidates.filter(
    (name) =>
      (hopMilliseconds === undefined || variants[name].hopMilliseconds === hopMilliseconds) &&
      (melBands === undefined || variants[name].melBands === melBands),
  );
  const published = candidates.find((name) => isPublishedName(network.name, models[name].checkpointUrl));
  if (published !== undefined) return published;
  // Options that no published model has belong to another model, for which the first name is as good as any.
  const [first = Object.keys(models).find((name) => variants[name].width === width) ?? 'mn10_as', ...others] =
    fitting.length > 0 ? fitting : candidates;
  const differ = others.some((name) => JSON.stringify(variants[name]) !== JSON.stringify(variants[first]));
  const isTold = hopMilliseconds !== undefined && melBands !== undefined && !isConvolutional;
  if (!differ || isTold) return first;
  throw new OptionError({
    asked: `the model of ${network.name}`,
    found: `weights that fit ${[first, ...others].join(', ')}, which differ in settings that weights do not show (hop, mel bands, strides)`,
    fix: `name the right one: --model efficientat:${first} (in code: options.model)`,
  });
}

/** Whether a file has the name of the published one, in any folder. */
function isPublishedName(name: string, url: string | undefined): boolean {
  const base = (path: string) => path.replace(/^.*[\\/]/, '').replace(/\.\w+$/, '');
  return url !== undefined && base(name) === base(url);
}

/** Three layers are enough to distinguish the published widths. */
function checkpointWidth(network: Checkpoint): number {
  const found = landmarks.map((name) => requireTensor(network, name, { shape: [null, null, null, null] }).shape[0]);
  const widths = [...new Set(Object.values(variants).map((variant) => variant.width))];
  const width = widths.find(
    (candidate) =>
      scaledChannels(16, candidate) === found[0] &&
      scaledChannels(72, candidate) === found[1] &&
      6 * scaledChannels(160, candidate) === found[2],
  );
  if (width === undefined) {
    throw new CheckpointError({
      asked: `${network.name} as an EfficientAT checkpoint`,
      found: `layers of ${found.join(', ')} channels, which is not one of the published widths`,
      fix: `pass a checkpoint of width ${widths.join(', ')}`,
    });
  }
  return width;
}

function oneOf(name: string, value: unknown, allowed: readonly number[]): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && allowed.includes(value)) return value;
  throw new OptionError({
    asked: `option ${name} ${JSON.stringify(value)}`,
    found: 'not one of the published variants',
    fix: `choose ${allowed.join(', ')}`,
  });
}
