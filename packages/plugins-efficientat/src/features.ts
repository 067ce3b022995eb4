import { didYouMean, OptionError } from '@hearken/core';

/**
 * The features that can make up an embedding, in the order of the authors' wrapper
 * (github.com/fschmid56/EfficientAT_HEAR, hear_wrapper.py), whatever order they are passed in:
 *
 * - `mel_avgs`: the log-mel spectrogram averaged over time
 * - `clf1`: the pooled output of the last convolution; `clf2`: the classifier's hidden layer after its Hardswish
 * - `logits`: the AudioSet logits
 * - `b0` .. `b16`: the output of a layer, averaged over time and frequency (`b0` the stem, `b1` .. `b15` the blocks,
 *   `b16` the last convolution)
 */
export const featureNames: readonly string[] = [
  'mel_avgs',
  'clf1',
  'clf2',
  'logits',
  ...Array.from({ length: 17 }, (_, index) => `b${index}`),
];

/** The best set on HEAR (Schmid et al. 2023, arXiv 2303.01879, table II). */
export const defaultFeatures: readonly string[] = ['b5', 'b11', 'b13', 'b15', 'mel_avgs'];

/** Checks a `features` option and puts it into the authors' order. */
export function orderFeatures(asked: unknown): string[] {
  if (asked === undefined) return orderFeatures(defaultFeatures);
  const features: unknown[] = typeof asked === 'string' ? asked.split(',').map((name) => name.trim()) : [asked].flat();
  for (const feature of features) {
    if (typeof feature !== 'string' || !featureNames.includes(feature)) {
      throw new OptionError({
        asked: `feature ${JSON.stringify(feature)}`,
        found: 'no such feature',
        fix: `${didYouMean(String(feature), featureNames)}known: ${featureNames.join(', ')}`,
      });
    }
  }
  if (features.length === 0) {
    throw new OptionError({
      asked: 'features []',
      found: 'no features',
      fix: `choose from ${featureNames.join(', ')}`,
    });
  }
  return featureNames.filter((name) => features.includes(name));
}
