import { CheckpointError } from '@hearken/core';
import type { ModelConfig } from '@hearken/onnx';
import { type AstCheckpoint, trainingArgument } from './layout.js';
import type { ModelName } from './models.js';
import { type CheckedOptions, maximumSeconds, type Padding } from './options.js';
import { argumentInteger, patchCount, type Sizes } from './sizes.js';

export const sampleRate = 16_000;
/** Frames of 25 ms every 10 ms. */
export const frameSamples = 400;
export const frameHop = 160;

/** How audio becomes the transformer's log-mel. */
export interface Preparation {
  readonly model: ModelName;
  /** Samples per window. */
  readonly windowSamples: number;
  /** Frames of the log-mel. */
  readonly frames: number;
  /** Patches along time. */
  readonly times: number;
  readonly padding: Padding;
  /** The log-mel is normalised to (x - mean) / (2 std). */
  readonly mean: number;
  readonly std: number;
}

/** Statistics of AudioSet's log-mels; Patch-Mix uses them for ICBHI too. */
const audioSet = { mean: -4.2677393, std: 4.5689974 } as const;
/**
 * Statistics of the other datasets of AST's authors, which models with their numbers of frames and classes expect.
 * Source: `norm_stats` of github.com/YuanGongND/ast, `src/run.py` and `egs`.
 */
const otherStatistics: readonly { frames: number; classes: number; mean: number; std: number }[] = [
  { frames: 512, classes: 50, mean: -6.6268077, std: 5.358466 },
  { frames: 128, classes: 35, mean: -6.845978, std: 5.5654526 },
];
const cycleSeconds = 8;
/** Numbers of frames in the trainings of AST's authors: AudioSet, ESC-50, Speech Commands. */
const publishedFrames = [1024, 512, 128];

/**
 * The preparation according to the options; everything else is as the checkpoint was trained. `config` and `extractor`
 * are a Hugging Face folder's `config.json` and `preprocessor_config.json`.
 *
 * @throws CheckpointError for a checkpoint trained on audio that was prepared differently
 */
export function choosePreparation(
  ast: AstCheckpoint,
  sizes: Sizes,
  options: CheckedOptions,
  config: ModelConfig | undefined,
  extractor: ModelConfig | undefined,
): Preparation {
  refuseOtherPreparation(ast, extractor);
  const model = options.model ?? (isPatchMix(ast, sizes) ? 'patchmix' : 'ast');
  const padding = options.padding ?? (model === 'ast' ? 'spectrogram' : trainedPadding(ast));
  const seconds = options.seconds ?? (model === 'patchmix' ? cycleLength(ast) : undefined);
  const frames = seconds === undefined ? trainedFrames(sizes, config) : framesOf(Math.round(seconds * sampleRate));
  const times = patchCount(frames, sizes.patch[1], sizes.stride[1]);
  const trained = model === 'ast' ? trainedStatistics(ast, frames) : audioSet;
  const normalises = extractor?.flag('do_normalize') ?? true;
  if (times < 1) {
    throw new CheckpointError({
      asked: `${ast.file.name} for windows of ${seconds} s`,
      found: `${frames} frames, fewer than a patch of ${sizes.patch[1]}`,
      fix: 'pass a larger options.seconds',
    });
  }
  return {
    model,
    windowSamples:
      seconds === undefined || padding === 'spectrogram'
        ? (frames - 1) * frameHop + frameSamples
        : Math.round(seconds * sampleRate),
    frames,
    times,
    padding,
    mean: options.mean ?? (normalises ? (extractor?.number('mean') ?? trained.mean) : 0),
    std: options.std ?? (normalises ? (extractor?.number('std', { minimum: 1e-3 }) ?? trained.std) : 0.5),
  };
}

/** Mean and deviation of the log-mels that a model was trained on, which its numbers of frames and classes identify. */
function trainedStatistics({ head }: AstCheckpoint, frames: number): { readonly mean: number; readonly std: number } {
  const classes = head?.checkpoint.tensors.get(`${head.linear}.weight`)?.shape[0];
  return otherStatistics.find((one) => one.frames === frames && one.classes === classes) ?? audioSet;
}

/** Number of frames that fit completely into this many samples. */
export function framesOf(samples: number): number {
  return Math.max(0, Math.floor((samples - frameSamples) / frameHop) + 1);
}

/** Whether a model is a Patch-Mix: by the training script's arguments, its head, or positions for eight seconds. */
export function isPatchMix(ast: AstCheckpoint, sizes: Sizes): boolean {
  if (ast.layout !== 'original') return false;
  if (trainingArgument(ast, 'desired_length') !== undefined || ast.head?.norm === 'classifier.0') return true;
  const cycleFrames = framesOf(cycleSeconds * sampleRate);
  return sizes.storedTimes === patchCount(cycleFrames, sizes.patch[1], sizes.stride[1]);
}

function cycleLength(ast: AstCheckpoint): number {
  const trained = argumentInteger(ast, 'desired_length');
  return trained !== undefined && trained <= maximumSeconds ? trained : cycleSeconds;
}

function trainedPadding(ast: AstCheckpoint): Padding {
  return trainingArgument(ast, 'pad_types') === 'zero' ? 'zero' : 'repeat';
}

/** From the config; else a published number that fits the positions; else as many as the patches cover. */
function trainedFrames({ patch, stride, storedTimes }: Sizes, config: ModelConfig | undefined): number {
  const fits = (frames: number) => patchCount(frames, patch[1], stride[1]) === storedTimes;
  const configured = config?.integer('max_length', { maximum: 3072 });
  if (config !== undefined && configured !== undefined && !fits(configured)) {
    throw new CheckpointError({
      asked: `${config.name}: 'max_length' ${configured}`,
      found: `positions for ${storedTimes} patches along time, but not for ${patchCount(configured, patch[1], stride[1])}`,
      fix: 'pass the config.json that belongs to the weights',
    });
  }
  return configured ?? publishedFrames.find(fits) ?? (storedTimes - 1) * stride[1] + patch[1];
}

function refuseOtherPreparation(ast: AstCheckpoint, extractor: ModelConfig | undefined): void {
  const rate = extractor?.number('sampling_rate') ?? trainingArgument(ast, 'sample_rate') ?? sampleRate;
  const scale = trainingArgument(ast, 'resz') ?? 1;
  if (rate === sampleRate && scale === 1) return;
  throw new CheckpointError({
    asked: `${ast.file.name} for audio at ${sampleRate} Hz`,
    found: scale === 1 ? `a model for ${rate} Hz` : `a model of log-mels resized by ${scale}`,
    fix: 'pass a model that was trained as published',
  });
}
