import { CheckpointError, type SavedFile, type TrainedWeights } from '@hearken/core';
import { checkpointPrefix } from '../../graph/graph-builder.js';
import type { Checkpoint, TensorEntry } from '../checkpoint.js';
import type { ModelFiles } from '../model-files.js';
import type { PickleValue } from '../pickle-values.js';
import { OrderedDict } from '../python-types.js';
import { type TensorContents, tensorContents, torchTensor } from './tensor-contents.js';
import type { WrittenFile } from './written-file.js';

/**
 * The tensors of a part of a checkpoint after training, by their names in the part and in its order: those that were
 * trained, and all others as they are stored. Floating-point tensors become float32, whole numbers keep their type; a
 * trained tensor with a whole-numbered type, such as a batch norm's counter, is rounded.
 *
 * @param selected the part, from `selectWeights`
 * @param trained tensors by their names in the training graph, with or without `checkpoint/`
 * @param isOther accepts names of trained tensors that are not in the part, such as a new head's
 * @throws CheckpointError for another trained tensor that is not in the part, or one of another size, and for tensors of
 *   the part that cannot be read
 */
export function finetunedTensors(
  files: ModelFiles,
  selected: Checkpoint,
  trained: TrainedWeights['tensors'],
  isOther: (name: string) => boolean,
): Map<string, TensorContents> {
  const changed = new Map([...trained].map(([name, data]) => [plainName(name), data]));
  const asked = `to write ${selected.name} fine-tuned`;
  const foreign = [...changed.keys()].find((name) => !selected.tensors.has(name) && !isOther(name));
  if (foreign !== undefined) {
    const fix = 'give tensors by the names of the training graph of the same checkpoint';
    throw new CheckpointError({ asked, found: `no tensor '${foreign}' in it`, fix });
  }
  const [unusable] = selected.unusable;
  if (unusable !== undefined) {
    const fix = 'save the weights in floating point first';
    throw new CheckpointError({ asked, found: `tensor '${unusable[0]}' ${unusable[1]}`, fix });
  }
  return new Map(
    [...selected.tensors].map(([name, entry]) => {
      const data = isOther(name) ? undefined : changed.get(name);
      return [name, data === undefined ? stored(files, entry) : changedContents(entry, data)];
    }),
  );
}

/** A trained tensor's name in the checkpoint. */
function plainName(name: string): string {
  return name.startsWith(checkpointPrefix) ? name.slice(checkpointPrefix.length) : name;
}

function changedContents({ name, dataType, shape }: TensorEntry, data: Float32Array): TensorContents {
  if (!isWhole(dataType)) return tensorContents(name, { data, shape });
  return tensorContents(name, { data: BigInt64Array.from(data, (value) => BigInt(Math.round(value))), shape });
}

function stored(files: ModelFiles, entry: TensorEntry): TensorContents {
  const { dataType, shape } = entry;
  if (dataType === 'float32' || isWhole(dataType)) return { dataType, shape, bytes: () => files.readBytes(entry) };
  const read = async () => {
    const { buffer, byteOffset, byteLength } = await files.readFloat32(entry);
    return new Uint8Array(buffer, byteOffset, byteLength);
  };
  return { dataType: 'float32', shape, bytes: read };
}

function isWhole(dataType: string): boolean {
  return /^u?int|^bool/.test(dataType);
}

/**
 * A tensor of a new head.
 *
 * @throws CheckpointError if it was not trained, or has another size
 */
export function headContents({ tensors }: TrainedWeights, name: string, shape: readonly number[]): TensorContents {
  const data = tensors.get(name);
  if (data !== undefined) return tensorContents(name, { data, shape });
  throw new CheckpointError({
    asked: `to write a new head with '${name}'`,
    found: 'no such tensor among the trained ones',
    fix: 'pass all tensors of the head by their names in the training graph',
  });
}

/** Tensors as a state dict of PyTorch. */
export function stateDict(tensors: Iterable<readonly [string, TensorContents]>): OrderedDict {
  return new OrderedDict([...tensors].map(([name, contents]): [string, PickleValue] => [name, torchTensor(contents)]));
}

const problemTypes = {
  multiclass: 'single_label_classification',
  multilabel: 'multi_label_classification',
} as const;

/** The settings of a Hugging Face config that name a head's labels; `configLabels` reads them. */
export function labelSettings({ labels, kind }: Pick<TrainedWeights, 'labels' | 'kind'>): {
  /** Names by the place of the logit. */
  readonly id2label: Readonly<Record<string, string>>;
  /** Places by name. */
  readonly label2id: Readonly<Record<string, number>>;
  /** What the logits mean. */
  readonly problem_type: string;
} {
  return {
    id2label: Object.fromEntries(labels.map((label, place) => [String(place), label])),
    label2id: Object.fromEntries(labels.map((label, place) => [label, place])),
    problem_type: kind === undefined ? 'regression' : problemTypes[kind],
  };
}

/** A `config.json` beside the weights: these settings, and the names of the labels. */
export function configFile(settings: Readonly<Record<string, unknown>>, trained: TrainedWeights): SavedFile {
  const text = JSON.stringify({ ...settings, ...labelSettings(trained) }, null, 2);
  return { name: 'config.json', parts: [new TextEncoder().encode(`${text}\n`)] };
}

/** A file with all of its parts in memory. */
export async function savedFile({ name, parts }: WrittenFile): Promise<SavedFile> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return { name, parts: all };
}
