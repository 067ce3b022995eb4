import type { ModelMetadata } from '@hearken/core';
import { defaultStrides, scaledChannels, type Strides } from './architecture.js';

/** How the published models differ besides their weights. */
export interface ModelVariant {
  /** Channel multiplier. */
  readonly width: number;
  /** Hop of the log-mel front end in milliseconds. */
  readonly hopMilliseconds: number;
  readonly melBands: number;
  readonly strides: Strides;
}

export const publishedHops = [5, 10, 15, 20, 25];
export const publishedMelBands = [40, 64, 128, 256];

const releases = 'https://github.com/fschmid56/EfficientAT/releases/download/v0.0.1/';

/** Model name: [width, checkpoint file, parameters in millions, what differs from the default]. */
const published: Record<string, [number, string, number, Partial<ModelVariant>?]> = {
  mn10_as: [1, 'mn10_as_mAP_471.pt', 4.88],
  mn01_as: [0.1, 'mn01_as_mAP_298.pt', 0.124],
  mn02_as: [0.2, 'mn02_as_mAP_378.pt', 0.325],
  mn04_as: [0.4, 'mn04_as_mAP_432.pt', 0.983],
  mn05_as: [0.5, 'mn05_as_mAP_443.pt', 1.43],
  mn20_as: [2, 'mn20_as_mAP_478.pt', 17.91],
  mn30_as: [3, 'mn30_as_mAP_482.pt', 39.09],
  mn40_as: [4, 'mn40_as_mAP_484.pt', 68.43],
  mn40_as_ext: [4, 'mn40_as_ext_mAP_487.pt', 68.43],
  mn40_as_no_im_pre: [4, 'mn40_as_no_im_pre_mAP_483.pt', 68.43],
  mn10_as_hop_5: [1, 'mn10_as_hop_5_mAP_475.pt', 4.88, { hopMilliseconds: 5 }],
  mn10_as_hop_15: [1, 'mn10_as_hop_15_mAP_463.pt', 4.88, { hopMilliseconds: 15 }],
  mn10_as_hop_20: [1, 'mn10_as_hop_20_mAP_456.pt', 4.88, { hopMilliseconds: 20 }],
  mn10_as_hop_25: [1, 'mn10_as_hop_25_mAP_447.pt', 4.88, { hopMilliseconds: 25 }],
  mn10_as_mels_40: [1, 'mn10_as_mels_40_mAP_453.pt', 4.88, { melBands: 40 }],
  mn10_as_mels_64: [1, 'mn10_as_mels_64_mAP_461.pt', 4.88, { melBands: 64 }],
  mn10_as_mels_256: [1, 'mn10_as_mels_256_mAP_474.pt', 4.88, { melBands: 256 }],
  mn10_as_fc: [1, 'mn10_as_fc_mAP_465.pt', 3.48],
  mn10_as_fc_s2221: [1, 'mn10_as_fc_s2221_mAP_466.pt', 3.48, { strides: [2, 2, 2, 1] }],
  mn10_as_fc_s2211: [1, 'mn10_as_fc_s2211_mAP_466.pt', 3.48, { strides: [2, 2, 1, 1] }],
};

/** Multiply-adds for 10 s of audio, as published by the authors for the plain models. */
const publishedMultiplyAdds: Readonly<Record<string, number>> = {
  mn01: 18e6,
  mn02: 40e6,
  mn04: 110e6,
  mn05: 160e6,
  mn10: 540e6,
  mn20: 2060e6,
  mn30: 4550e6,
  mn40: 8030e6,
};

/** Variants with another front end, other strides or another head have other numbers, which are not published. */
function multiplyAddsOf(model: string): { multiplyAdds: number } | undefined {
  const plain = /^(mn\d+)_as(?:_ext|_no_im_pre)?$/.exec(model)?.[1];
  return plain === undefined ? undefined : { multiplyAdds: publishedMultiplyAdds[plain] };
}

/** SHA-256 of released checkpoints, if known. */
const publishedSha256: Readonly<Record<string, string>> = {
  mn04_as: '899a8c6217063f6941793102a2780b3dd788ab11fce468d9cf5f0577c453321c',
};

export const variants: Readonly<Record<string, ModelVariant>> = Object.fromEntries(
  Object.entries(published).map(([name, [width, , , differences]]) => [
    name,
    { width, hopMilliseconds: 10, melBands: 128, strides: defaultStrides, ...differences },
  ]),
);

/** Size of the default embedding: blocks 5, 11, 13 and 15, and the mel averages. */
function defaultEmbeddingSize({ width, melBands }: ModelVariant): number {
  return [40, 112, 160, 160].reduce((sum, channels) => sum + scaledChannels(channels, width), melBands);
}

export const models: Readonly<Record<string, ModelMetadata>> = Object.fromEntries(
  Object.entries(published).map(([name, [, file, millions]]) => [
    name,
    {
      description: `EfficientAT ${name}, trained on AudioSet`,
      sampleRate: 32_000,
      channels: 1,
      embeddingSize: defaultEmbeddingSize(variants[name]),
      parameters: Math.round(millions * 1e6),
      ...multiplyAddsOf(name),
      license: 'MIT',
      paper: 'https://arxiv.org/abs/2211.04772',
      checkpointUrl: releases + file,
      ...(Object.hasOwn(publishedSha256, name) ? { checkpointSha256: publishedSha256[name] } : {}),
    },
  ]),
);
