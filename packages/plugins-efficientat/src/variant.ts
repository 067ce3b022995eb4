import { CheckpointError, type LoadOptions, OptionError } from '@hearken/core';
import { type Checkpoint, wrongCheckpoint } from '@hearken/onnx';
import { scaledChannels } from './architecture.js';
import { models, publishedHops, publishedMelBands, type ModelVariant, variants } from './models.js';

export interface ChosenVariant {
  readonly model: string;
  readonly variant: ModelVariant;
}

/**
 * The model that the options name, checked against the checkpoint; without a name, the one whose width the checkpoint
 * has. Hop and mel bands leave no trace in the weights, so those are taken from the name or the options.
 *
 * @throws CheckpointError when the checkpoint is no EfficientAT network, or not of the named width
 */
export function chooseVariant(checkpoint: Checkpoint, options: LoadOptions): ChosenVariant {
  const width = checkpointWidth(checkpoint);
  const model = options.model ?? Object.keys(models).find((name) => variants[name].width === width) ?? 'mn10_as';
  const named = variants[model];
  if (named.width !== width) {
    const fitting = Object.keys(models).filter((name) => variants[name].width === width);
    throw new CheckpointError({
      asked: `${checkpoint.name} as model '${model}' (width ${named.width})`,
      found: `weights of width ${width}`,
      fix: `name a model of that width (${fitting.join(', ')}) or pass ${model}'s own checkpoint`,
    });
  }
  const hopMilliseconds = oneOf('hopMilliseconds', options.hopMilliseconds, publishedHops) ?? named.hopMilliseconds;
  const melBands = oneOf('melBands', options.melBands, publishedMelBands) ?? named.melBands;
  return { model, variant: { ...named, hopMilliseconds, melBands } };
}

/** Three layers are enough to tell the published widths apart. */
function checkpointWidth(checkpoint: Checkpoint): number {
  const outputs = (name: string) => checkpoint.tensors.get(name)?.shape[0];
  const found = ['features.0.0.weight', 'features.4.block.0.0.weight', 'features.16.0.weight'].map(outputs);
  if (found.includes(undefined)) {
    throw wrongCheckpoint(
      checkpoint,
      'efficientat',
      'an EfficientAT checkpoint (an mn model of its releases)',
      'features.0.0.weight',
    );
  }
  const widths = [...new Set(Object.values(variants).map((variant) => variant.width))];
  const width = widths.find(
    (candidate) =>
      scaledChannels(16, candidate) === found[0] &&
      scaledChannels(72, candidate) === found[1] &&
      6 * scaledChannels(160, candidate) === found[2],
  );
  if (width === undefined) {
    throw new CheckpointError({
      asked: `${checkpoint.name} as an EfficientAT checkpoint`,
      found: `layers of ${found.join(', ')} channels, which is none of the published widths`,
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
