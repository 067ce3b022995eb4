import { didYouMean, OptionError, type RecipeSetting, type RecipeSettings } from '@hearken/core';

/** The settings that every recipe has, and what they are unless a recipe or the user says otherwise. */
export const defaultSettings = {
  /** Passes over the training examples. */
  epochs: 20,
  /** Examples of a step; an incomplete batch at the end of an epoch is left out. */
  batchSize: 16,
  /** Batches of one update. */
  accumulate: 1,
  /** `sgd`, `adam` or `adamw`. */
  optimiser: 'adamw',
  /** Largest learning rate. */
  learningRate: 1e-4,
  /** That of the head; 0: the same. */
  headRate: 0,
  /** Weight decay of matrices and kernels. */
  weightDecay: 0.01,
  /** Whether tensors with one axis (biases, scales of norms) decay too. */
  decayVectors: false,
  /** Decay of Adam's mean of gradients. */
  beta1: 0.9,
  /** Decay of Adam's mean of squared gradients. */
  beta2: 0.999,
  /** What Adam adds to the root of the mean square. */
  epsilon: 1e-8,
  /** Of `sgd`. */
  momentum: 0.9,
  /** See `Schedule`. */
  schedule: 'cosine',
  /** Share of the updates in which the rate rises: of `linear`, `warm-linear` and `cosine`. */
  warmup: 0.1,
  /** Epochs over which the rate rises: of `epoch-ramp`. */
  warmupEpochs: 0,
  /** Epoch from which the rate falls: of `epoch-ramp`. */
  rampDownStart: 0,
  /** Epochs over which it falls: of `epoch-ramp`. */
  rampDownEpochs: 1,
  /** Last factor on the rate: of `epoch-ramp` and `epoch-cosine`. */
  lastRate: 0,
  /** Largest norm of all gradients together; 0: any. */
  clipNorm: 1,
  /** Share of former values that each update keeps. */
  keep: 0,
  /** Decay of an exponential moving average of the weights, which is then validated and saved; 0: none. */
  averageDecay: 0,
  /** Whether batch norms use the batch's statistics. */
  batchStatistics: false,
  /** Share of the batch in running statistics. */
  statisticsMomentum: 0.1,
  /** How many of the last blocks are trained; -1: all. */
  blocks: 2,
  /** Inner width of low-rank adapters. */
  rank: 8,
  /** Factor of adapters times their inner width. */
  alpha: 16,
  /** Parts of the names of adapted matrices, with commas; empty: those of queries and values, else all. */
  targets: '',
  /** Deviation of the new head's first weights; 0: what the model's plugin says. */
  headDeviation: 0,
  /** Parameter of mixup's beta distribution; 0: no mixup. */
  mixup: 0,
  /** Share of values that dropout in front of the head drops, where the model has it. */
  dropout: 0,
  /** Epochs between validations. */
  validateEvery: 1,
  /** Validations without a better score until training stops; 0: it never stops early. */
  patience: 0,
  /** Updates in which only the head, and what the recipe says, is trained; then the optimiser begins again. */
  freezingSteps: 0,
} as const satisfies RecipeSettings;

/** What a setting must be besides its type. */
const ranges: Readonly<Record<string, readonly [from: number, to: number]>> = {
  blocks: [-1, 10_000],
  keep: [0, 0.999_999],
  averageDecay: [0, 0.999_999],
  beta1: [0, 0.999_999],
  beta2: [0, 0.999_999_999],
  momentum: [0, 0.999_999],
  statisticsMomentum: [0, 1],
  warmup: [0, 1],
  dropout: [0, 0.999],
  rank: [1, 65_536],
  mixup: [0, 5],
};
const integers = 'epochs batchSize accumulate blocks rank validateEvery patience freezingSteps'.split(' ');
const positive = 'epochs batchSize accumulate validateEvery rampDownEpochs epsilon'.split(' ');
const choices: Readonly<Record<string, readonly string[]>> = {
  optimiser: ['sgd', 'adam', 'adamw'],
  schedule: ['constant', 'linear', 'warm-linear', 'cosine', 'epoch-cosine', 'epoch-ramp'],
};

/**
 * A recipe's settings with some of them replaced.
 *
 * @param recipe its name, for errors
 * @param overrides text, as on a command line, is read as the type of the setting
 * @throws OptionError for a setting that the recipe doesn't have, or a value that it can't have
 */
export function overrideSettings(
  recipe: string,
  settings: RecipeSettings,
  overrides: Readonly<Record<string, unknown>>,
): RecipeSettings {
  const changed: Record<string, RecipeSetting> = { ...settings };
  for (const [name, given] of Object.entries(overrides)) {
    if (!Object.hasOwn(settings, name)) {
      const known = Object.keys(settings);
      throw new OptionError({
        asked: `setting '${name}' of recipe '${recipe}'`,
        found: 'no such setting',
        fix: `${didYouMean(name, known)}known: ${known.join(', ')}`,
      });
    }
    changed[name] = readSetting(recipe, name, settings[name], given);
  }
  for (const [name, value] of Object.entries(changed)) checkSetting(recipe, name, value);
  return changed;
}

function readSetting(recipe: string, name: string, former: RecipeSetting, given: unknown): RecipeSetting {
  if (typeof given === typeof former) return given as RecipeSetting;
  if (typeof given === 'string') {
    const text = given.trim();
    if (typeof former === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
    if (typeof former === 'number' && text !== '' && !Number.isNaN(Number(text))) return Number(text);
  }
  throw wrong(
    recipe,
    name,
    JSON.stringify(given) ?? String(given),
    { number: 'a number', boolean: 'true or false', string: 'text' }[typeof former as 'number' | 'boolean' | 'string'],
  );
}

function checkSetting(recipe: string, name: string, value: RecipeSetting): void {
  if (typeof value === 'string') {
    const known = choices[name];
    if (known !== undefined && !known.includes(value)) throw wrong(recipe, name, value, known.join(', '));
    return;
  }
  if (typeof value === 'boolean') return;
  const [from, to] = ranges[name] ?? [0, Number.MAX_VALUE];
  const isInside = value >= from && value <= to && !(positive.includes(name) && value === 0);
  if (isInside && (!integers.includes(name) || Number.isInteger(value))) return;
  const kind = integers.includes(name) ? 'a whole number' : 'a number';
  const least = positive.includes(name) ? 'above 0' : `from ${from}`;
  throw wrong(recipe, name, String(value), `${kind} ${least}${to === Number.MAX_VALUE ? '' : ` to ${to}`}`);
}

function wrong(recipe: string, name: string, found: string, range: string): OptionError {
  return new OptionError({ asked: `setting '${name}' of recipe '${recipe}'`, found, fix: `pass ${range}` });
}

/** A setting that is a number. */
export function numberSetting(settings: RecipeSettings, name: keyof typeof defaultSettings): number {
  return settings[name] as number;
}
