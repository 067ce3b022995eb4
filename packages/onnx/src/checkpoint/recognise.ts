import { CheckpointError } from '@hearken/core';
import type { Checkpoint } from './checkpoint.js';

/** Model families that a checkpoint's tensor names give away, and what Hearken's plugin for it is. */
interface Family {
  readonly description: string;
  readonly plugin?: string;
  /** Tensor names that all must be there, behind whatever prefix. */
  readonly landmarks: readonly string[];
  /** Input channels of the patch embedding, where that is what tells two families apart. */
  readonly patchChannels?: number;
}

const patchProjection = 'embeddings.patch_embeddings.projection.weight';

/** More special families first: the first that fits is taken. */
const families: readonly Family[] = [
  {
    description: "a dynamic MobileNet of EfficientAT's authors (DyMN)",
    landmarks: ['in_c.0.weight', 'out_c.0.weight'],
  },
  {
    description: 'a MobileNetV3 of images (torchvision)',
    landmarks: ['features.0.0.weight', 'features.4.block.2.fc1.weight'],
  },
  {
    description: 'an EfficientAT network',
    plugin: 'efficientat',
    landmarks: ['features.0.0.weight', 'features.16.0.weight'],
  },
  { description: 'a MobileNet', landmarks: ['features.0.0.weight'] },
  {
    description: 'a HuBERT model (HuBERT-ECG, or one of speech)',
    plugin: 'hubert-ecg',
    landmarks: ['feature_extractor.conv_layers.0.conv.weight', 'encoder.layers.0.attention.q_proj.weight'],
  },
  {
    description: 'an audio spectrogram transformer (Hugging Face AST)',
    plugin: 'patchmix',
    landmarks: ['embeddings.distillation_token', patchProjection],
  },
  {
    description: 'an audio spectrogram transformer (AST or Patch-Mix)',
    plugin: 'patchmix',
    landmarks: ['v.dist_token', 'v.blocks.0.attn.qkv.weight'],
  },
  {
    description: 'an audio spectrogram transformer (AST or Patch-Mix)',
    plugin: 'patchmix',
    landmarks: ['v.cls_token', 'v.blocks.0.attn.qkv.weight'],
  },
  {
    description: 'HeAR or another vision transformer of one channel (Hugging Face ViT)',
    plugin: 'hear',
    landmarks: ['embeddings.cls_token', patchProjection],
    patchChannels: 1,
  },
  {
    description: 'a vision transformer of images (Hugging Face ViT)',
    landmarks: ['embeddings.cls_token', patchProjection],
  },
  { description: 'a vision transformer (timm)', landmarks: ['cls_token', 'blocks.0.attn.qkv.weight'] },
  { description: 'a Whisper model', landmarks: ['encoder.conv1.weight', 'encoder.embed_positions.weight'] },
  { description: 'a text encoder (BERT)', landmarks: ['embeddings.word_embeddings.weight'] },
  { description: 'a ResNet', landmarks: ['layer1.0.conv1.weight'] },
];

/** What a checkpoint looks like, told from the names of its tensors. */
export interface RecognisedModel {
  /** With its article: `an EfficientAT network`. */
  readonly description: string;
  /** The plugin that reads such checkpoints, where Hearken has one: `efficientat`. */
  readonly plugin?: string;
}

/** @returns undefined for a checkpoint of no known family */
export function recogniseCheckpoint(checkpoint: Checkpoint): RecognisedModel | undefined {
  const wanted = new Set(families.flatMap((family) => family.landmarks));
  /** Each landmark that is there, and the size of its second dimension. */
  const present = new Map<string, number | undefined>();
  for (const [name, { shape }] of checkpoint.tensors) {
    for (const tail of tails(name)) if (wanted.has(tail)) present.set(tail, shape[1]);
  }
  const found = families.find(
    ({ landmarks, patchChannels }) =>
      landmarks.every((landmark) => present.has(landmark)) &&
      (patchChannels === undefined || present.get(patchProjection) === patchChannels),
  );
  if (found === undefined) return undefined;
  return { description: found.description, ...(found.plugin === undefined ? {} : { plugin: found.plugin }) };
}

/**
 * The error for a checkpoint that is not the plugin's: it says what the file looks like instead, and which plugin
 * reads it.
 *
 * @param plugin - the plugin that was asked, such as `hear`
 * @param needed - what it reads, with its article: `a HeAR checkpoint`
 * @param lacks - the tensor that it was told by, such as `embeddings.cls_token`
 */
export function wrongCheckpoint(
  checkpoint: Checkpoint,
  plugin: string,
  needed: string,
  lacks: string,
): CheckpointError {
  const looks = recogniseCheckpoint(checkpoint);
  const other = looks?.plugin !== undefined && looks.plugin !== plugin;
  return new CheckpointError({
    asked: `${checkpoint.name} as ${needed}`,
    found:
      looks === undefined
        ? `no tensor '${lacks}' among its ${checkpoint.tensors.size} (the first is '${firstName(checkpoint)}')`
        : other || looks.plugin === undefined
          ? `it looks like ${looks.description}: there is no tensor '${lacks}' of the kind that is needed`
          : `it looks like ${looks.description}, but not all of it is there under one name: no '${lacks}' as it is needed`,
    fix: other ? `load it with the plugin '${looks.plugin}', or pass ${needed}` : `pass ${needed}`,
  });
}

/** A name without any number of its leading parts: `a.b.c`, `b.c`, `c`; wrappers are never nested deeply. */
function tails(name: string): string[] {
  const found = [name];
  for (let dot = name.indexOf('.'); dot >= 0 && found.length < 8; dot = name.indexOf('.', dot + 1)) {
    found.push(name.slice(dot + 1));
  }
  return found;
}

function firstName(checkpoint: Checkpoint): string {
  const [name = ''] = checkpoint.tensors.keys();
  return name.slice(0, 80);
}
