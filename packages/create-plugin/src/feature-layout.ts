import { OptionError } from '@hearken/core';
import type { FeatureAxis, FeatureLayout } from './choices.js';
import { type OnnxValue, onnxValueText } from './read-onnx-signature.js';

type Dimension = number | string;

/** Usual numbers of bands of front ends, to tell bands from frames if both are fixed. */
const usualBands = [32, 40, 64, 80, 96, 128, 256];
const mostBands = 512;

/**
 * The layout of features in an input: `[n, bands, frames]` or `[n, frames, bands]`, with or without an axis for one
 * channel. If both sizes are fixed, bands are the axis with a usual number of bands, or else the smaller one.
 *
 * @param input of a model that takes features; undefined shape: `[n, bands, frames]`
 * @throws OptionError for a shape that a log-mel spectrogram can't be brought into
 */
export function featureLayout(path: string, input: OnnxValue): FeatureLayout {
  const refused = (found: string, fix: string) =>
    new OptionError({
      asked: `a front end for '${path}'`,
      found: `input ${onnxValueText(input)}, ${found}`,
      fix: `${fix}, or start without the file (--weights onnx --input features) and write the front end`,
    });
  const shape = input.shape ?? ['n', 'bands', 'frames'];
  if (shape.length < 3 || shape.length > 4) {
    throw refused('not [n, bands, frames] or [n, 1, bands, frames]', 'export it with such an input');
  }
  const [batch] = shape;
  if (typeof batch === 'number' && batch > 1) {
    throw refused(`which always takes ${batch} signals`, 'export it with a dynamic batch axis, or for one signal');
  }
  const channel = shape.length === 3 ? -1 : shape[3] === 1 && shape[1] !== 1 ? 3 : 1;
  if (channel > 0 && typeof shape[channel] === 'number' && shape[channel] !== 1) {
    throw refused(
      `which has ${shape[channel]} channels, but a log-mel spectrogram has one`,
      'export it for one channel',
    );
  }
  const [first, second] = [1, 2, 3].filter((axis) => axis < shape.length && axis !== channel);
  const isBandsFirst = bandsFirst(shape[first], shape[second]);
  const [bandAxis, frameAxis] = isBandsFirst ? [first, second] : [second, first];
  const axes = shape.map((_, axis): FeatureAxis => {
    if (axis === 0) return 'n';
    if (axis === channel) return '1';
    return axis === bandAxis ? 'bands' : 'frames';
  });
  const [bands, frames] = [shape[bandAxis], shape[frameAxis]];
  return {
    axes,
    ...(typeof bands === 'number' ? { bands } : {}),
    ...(typeof frames === 'number' ? { frames } : {}),
    ...(batch === 1 ? { oneByOne: true } : {}),
  };
}

function bandsFirst(first: Dimension, second: Dimension): boolean {
  if (typeof first === 'number' && typeof second === 'number') {
    const [isFirst, isSecond] = [usualBands.includes(first), usualBands.includes(second)];
    return isFirst === isSecond ? first <= second : isFirst;
  }
  if (typeof first === 'number') return first <= mostBands && !namesBands(second);
  if (typeof second === 'number') return second > mostBands || namesBands(first);
  return namesBands(first) || !namesBands(second);
}

function namesBands(dimension: Dimension): boolean {
  return typeof dimension === 'string' && /band|mel|freq|bin/i.test(dimension);
}
