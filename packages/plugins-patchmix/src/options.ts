import { didYouMean, type LoadOptions, OptionError } from '@hearken/core';
import { checkPrecision, type Precision } from '@hearken/onnx';
import type { ModelName } from './models.js';

/** How to pad audio shorter than a window; see `padding.ts`. */
const paddings = ['repeat', 'zero', 'spectrogram'] as const;
export type Padding = (typeof paddings)[number];

/** How to make one scene of audio longer than a window. */
const windowChoices = ['first', 'mean'] as const;
export type WindowChoice = (typeof windowChoices)[number];

/** How positions are made for windows of another length; see `positions.ts`. */
const positionChoices = ['ast', 'patchmix'] as const;
export type PositionChoice = (typeof positionChoices)[number];

/** The possible parts of a scene embedding. */
export const featureNames = ['embedding', 'logits'] as const;
export type Feature = (typeof featureNames)[number];

/** The longest window: attention takes quadratic time and memory. */
export const maximumSeconds = 30;

/** The options as given, checked; the checkpoint determines absent ones. */
export interface CheckedOptions {
  readonly model?: ModelName;
  readonly features: readonly Feature[];
  readonly windows: WindowChoice;
  readonly padding?: Padding;
  readonly seconds?: number;
  readonly stride?: number;
  readonly heads?: number;
  readonly mean?: number;
  readonly std?: number;
  readonly positions?: PositionChoice;
  readonly precision: Precision;
  /** As given; checked when the checkpoint is read. */
  readonly weights?: unknown;
}

/** @throws OptionError for an unknown value, or one out of range */
export function checkOptions(options: LoadOptions): CheckedOptions {
  return {
    // The plugin definition has checked that it is one of its models.
    model: options.model as ModelName | undefined,
    features: checkFeatures(options.features),
    windows: oneOf('windows', options.windows, windowChoices) ?? 'first',
    padding: oneOf('padding', options.padding, paddings),
    seconds: numberIn('seconds', options.seconds, 0.2, maximumSeconds),
    stride: integerIn('stride', options.stride, 1, 16),
    heads: integerIn('heads', options.heads, 1, 256),
    mean: numberIn('mean', options.mean, -1000, 1000),
    std: numberIn('std', options.std, 1e-3, 1000),
    positions: oneOf('positions', options.positions, positionChoices),
    precision: checkPrecision(options.precision),
    weights: options.weights,
  };
}

function checkFeatures(asked: unknown = 'embedding'): Feature[] {
  const names: unknown[] = typeof asked === 'string' ? asked.split(',').map((name) => name.trim()) : [asked].flat();
  if (names.length === 0) {
    throw new OptionError({
      asked: 'features []',
      found: 'no features',
      fix: `choose from ${featureNames.join(', ')}`,
    });
  }
  const checked = names.map((name) => oneOf('features', name ?? null, featureNames));
  return featureNames.filter((name) => checked.includes(name));
}

function oneOf<Choice extends string>(name: string, value: unknown, choices: readonly Choice[]): Choice | undefined {
  if (value === undefined || choices.includes(value as Choice)) return value as Choice | undefined;
  throw new OptionError({
    asked: `option ${name} ${JSON.stringify(value)}`,
    found: 'no such choice',
    fix: `${typeof value === 'string' ? didYouMean(value, choices) : ''}choose ${choices.join(', ')}`,
  });
}

function numberIn(name: string, value: unknown, minimum: number, maximum: number): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value >= minimum && value <= maximum) return value;
  throw new OptionError({
    asked: `option ${name} ${JSON.stringify(value)}`,
    found: 'not a number in range',
    fix: `pass ${minimum} to ${maximum}`,
  });
}

function integerIn(name: string, value: unknown, minimum: number, maximum: number): number | undefined {
  // Fractions are always out of range.
  return numberIn(name, typeof value === 'number' && !Number.isInteger(value) ? NaN : value, minimum, maximum);
}
