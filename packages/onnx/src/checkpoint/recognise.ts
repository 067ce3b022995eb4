import { CheckpointError, type CheckpointFamily, type CheckpointReader, type ForeignCheckpoint } from '@hearken/core';
import type { Checkpoint } from './checkpoint.js';

const patchProjection = 'embeddings.patch_embeddings.projection.weight';

/** Families that none of Hearken's plugins reads. More specific ones come first, because the first match is used. */
const otherFamilies: readonly CheckpointFamily[] = [
  {
    description: "a dynamic MobileNet of EfficientAT's authors (DyMN)",
    landmarks: ['in_c.0.weight', 'out_c.0.weight'],
  },
  {
    description: 'a MobileNetV3 for images (torchvision)',
    landmarks: ['features.0.0.weight', 'features.4.block.2.fc1.weight'],
  },
  { description: 'a MobileNet', landmarks: ['features.0.0.weight'] },
  {
    description: 'a HuBERT or wav2vec 2.0 model',
    landmarks: ['feature_extractor.conv_layers.0.conv.weight', 'encoder.layers.0.attention.q_proj.weight'],
  },
  {
    description: 'a vision transformer for images (Hugging Face ViT)',
    landmarks: ['embeddings.cls_token', patchProjection],
    shapes: { [patchProjection]: [null, 3, null, null] },
  },
  {
    description: 'a vision transformer (Hugging Face ViT)',
    landmarks: ['embeddings.cls_token', patchProjection],
  },
  { description: 'a vision transformer (timm)', landmarks: ['cls_token', 'blocks.0.attn.qkv.weight'] },
  { description: 'a Whisper model', landmarks: ['encoder.conv1.weight', 'encoder.embed_positions.weight'] },
  { description: 'a text encoder (BERT)', landmarks: ['embeddings.word_embeddings.weight'] },
  { description: 'a ResNet', landmarks: ['layer1.0.conv1.weight'] },
];

/** The part of a checkpoint needed to recognise it. */
export type CheckpointTensors = Pick<Checkpoint, 'name' | 'tensors'>;

/**
 * The family that a checkpoint belongs to, judged by the names and shapes of its tensors.
 *
 * @param families families to look for first, such as a plugin's
 * @returns undefined for a checkpoint of an unknown family
 */
export function recogniseCheckpoint(
  { tensors }: Pick<Checkpoint, 'tensors'>,
  families: readonly CheckpointFamily[] = [],
): CheckpointFamily | undefined {
  const all = [...families, ...otherFamilies];
  const wanted = new Set(all.flatMap(({ landmarks, without = [] }) => [...landmarks, ...without]));
  const present = new Map<string, readonly number[]>();
  for (const [name, { shape }] of tensors) {
    for (const tail of tails(name)) if (wanted.has(tail)) present.set(tail, shape);
  }
  return all.find(
    ({ landmarks, without = [], shapes = {} }) =>
      landmarks.every((landmark) => present.has(landmark)) &&
      !without.some((name) => present.has(name)) &&
      Object.entries(shapes).every(([name, shape]) => hasShape(present.get(name), shape)),
  );
}

function hasShape(found: readonly number[] | undefined, wanted: readonly (number | null)[]): boolean {
  return found?.length === wanted.length && wanted.every((size, index) => size === null || size === found[index]);
}

/** The error for a checkpoint that a plugin can't read. */
export class ForeignCheckpointError extends CheckpointError implements ForeignCheckpoint {
  /** How the error is recognised. */
  declare readonly reason: 'foreign-checkpoint';

  /**
   * @param checkpoint what was passed
   * @param families the plugin's families
   * @param needed what the plugin reads, with its article: `a HeAR checkpoint`
   * @param lacks the tensor that the checkpoint was refused for, such as `embeddings.cls_token`
   * @param reader the plugin that can read it
   */
  constructor(
    readonly checkpoint: CheckpointTensors,
    readonly families: readonly CheckpointFamily[],
    readonly needed: string,
    readonly lacks: string,
    reader?: CheckpointReader,
  ) {
    const looks = recogniseCheckpoint(checkpoint, reader?.checkpoints ?? families);
    super({
      asked: `${checkpoint.name} as ${needed}`,
      reason: 'foreign-checkpoint',
      found: foundText(checkpoint, lacks, looks, looks !== undefined && families.includes(looks)),
      fix: reader === undefined ? `pass ${needed}` : `load it with the plugin '${reader.name}', or pass ${needed}`,
    });
  }

  /** The same error, naming the plugin that reads the checkpoint if one of these does. */
  nameReader(others: readonly CheckpointReader[]): ForeignCheckpointError {
    const { checkpoint, families, needed, lacks } = this;
    if (reads({ checkpoints: families }, checkpoint)) return this;
    const reader = others.find((plugin) => reads(plugin, checkpoint));
    return reader === undefined ? this : new ForeignCheckpointError(checkpoint, families, needed, lacks, reader);
  }
}

function foundText(
  { tensors }: CheckpointTensors,
  lacks: string,
  looks: CheckpointFamily | undefined,
  isOwn: boolean,
): string {
  if (looks === undefined) {
    const [first = ''] = tensors.keys();
    return `no tensor '${lacks}' among its ${tensors.size} (the first is '${first.slice(0, 80)}')`;
  }
  return isOwn
    ? `it looks like ${looks.description}, but not all of its tensors share one prefix: no usable '${lacks}'`
    : `it looks like ${looks.description}, without a usable tensor '${lacks}'`;
}

/**
 * The error for a checkpoint of another model: it says what the file looks like instead.
 *
 * @param families the plugin's families, as in its definition
 * @param needed what it reads, with its article: `a HeAR checkpoint`
 * @param lacks the tensor that the checkpoint was refused for, such as `embeddings.cls_token`
 */
export function wrongCheckpoint(
  checkpoint: CheckpointTensors,
  families: readonly CheckpointFamily[],
  needed: string,
  lacks: string,
): ForeignCheckpointError {
  return new ForeignCheckpointError(checkpoint, families, needed, lacks);
}

function reads({ checkpoints = [] }: Pick<CheckpointReader, 'checkpoints'>, checkpoint: CheckpointTensors): boolean {
  const looks = recogniseCheckpoint(checkpoint, checkpoints);
  return looks !== undefined && checkpoints.includes(looks);
}

/** A name with any number of leading parts removed: `a.b.c`, `b.c`, `c`; wrappers are never nested deeply. */
function tails(name: string): string[] {
  const found = [name];
  for (let dot = name.indexOf('.'); dot >= 0 && found.length < 8; dot = name.indexOf('.', dot + 1)) {
    found.push(name.slice(dot + 1));
  }
  return found;
}
