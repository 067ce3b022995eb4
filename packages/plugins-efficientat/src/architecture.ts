/**
 * The MobileNetV3-Large layout of EfficientAT (Schmid et al. 2023, arXiv 2211.04772, after Howard et al. 2019,
 * arXiv 1905.02244, table 1), at width 1. Every channel count is scaled by the model's width.
 */
export interface BlockLayout {
  readonly kernel: number;
  /** Channels inside the block. */
  readonly expanded: number;
  readonly output: number;
  readonly squeezeExcitation: boolean;
  readonly activation: 'relu' | 'hardSwish';
  readonly stride: number;
}

export const stemChannels = 16;
export const stemStride = 2;
/** The paper uses PyTorch's MobileNetV3 setting instead of the default 1e-5. */
export const batchNormEpsilon = 0.001;
/** Channels after the last 1x1 convolution, relative to the channels before it. */
export const lastExpansion = 6;
export const classifierChannels = 1280;

/** Which of the blocks have a stride of 2 at width-independent positions C1..C4. */
export type Strides = readonly [number, number, number, number];
export const defaultStrides: Strides = [2, 2, 2, 2];

/** The 15 inverted residual blocks; `features.1` to `features.15` of the checkpoint. */
export function blockLayouts(strides: Strides = defaultStrides): BlockLayout[] {
  const block = (
    kernel: number,
    expanded: number,
    output: number,
    squeezeExcitation: boolean,
    activation: BlockLayout['activation'],
    stride = 1,
  ): BlockLayout => ({ kernel, expanded, output, squeezeExcitation, activation, stride });
  return [
    block(3, 16, 16, false, 'relu'),
    block(3, 64, 24, false, 'relu', strides[0]),
    block(3, 72, 24, false, 'relu'),
    block(5, 72, 40, true, 'relu', strides[1]),
    block(5, 120, 40, true, 'relu'),
    block(5, 120, 40, true, 'relu'),
    block(3, 240, 80, false, 'hardSwish', strides[2]),
    block(3, 200, 80, false, 'hardSwish'),
    block(3, 184, 80, false, 'hardSwish'),
    block(3, 184, 80, false, 'hardSwish'),
    block(3, 480, 112, true, 'hardSwish'),
    block(3, 672, 112, true, 'hardSwish'),
    block(5, 672, 160, true, 'hardSwish', strides[3]),
    block(5, 960, 160, true, 'hardSwish'),
    block(5, 960, 160, true, 'hardSwish'),
  ];
}

/** Channels at a width: the nearest multiple of 8, at least 8, and at least 90% of the exact value. */
export function scaledChannels(channels: number, width: number): number {
  const asked = channels * width;
  const rounded = Math.max(8, Math.floor((asked + 4) / 8) * 8);
  return rounded < 0.9 * asked ? rounded + 8 : rounded;
}

/** Units between the two layers of a squeeze-and-excitation: a quarter of its channels, in multiples of 8. */
export function squeezedChannels(channels: number): number {
  return scaledChannels(Math.floor(channels / 4), 1);
}
