import type { RecipeSettings } from '@hearken/core';
import type { Schedule } from '../optimisers/schedules.js';
import type { OptimiserSettings } from '../optimisers/settings.js';

/**
 * The schedule that a recipe's settings ask for.
 *
 * @param stepsPerEpoch updates of an epoch
 */
export function scheduleOf(settings: RecipeSettings, stepsPerEpoch: number): Schedule {
  const number = (name: string) => settings[name] as number;
  const kind = settings.schedule as Schedule['kind'];
  const epochs = number('epochs');
  switch (kind) {
    case 'constant':
      return { kind };
    case 'epoch-cosine':
      return { kind, epochs, stepsPerEpoch, lowest: number('lastRate') };
    case 'epoch-ramp':
      return {
        kind,
        warmUp: number('warmupEpochs'),
        rampDownStart: number('rampDownStart'),
        rampDownLength: number('rampDownEpochs'),
        lastValue: number('lastRate'),
        stepsPerEpoch,
      };
    default: {
      const total = epochs * stepsPerEpoch;
      return { kind, warmup: Math.ceil(number('warmup') * total), total };
    }
  }
}

/** The optimiser that a recipe's settings ask for. */
export function optimiserOf(settings: RecipeSettings): OptimiserSettings {
  const { optimiser, beta1, beta2, epsilon, momentum } = settings;
  if (optimiser === 'sgd') return { kind: 'sgd', momentum: momentum as number };
  return {
    kind: optimiser as 'adam' | 'adamw',
    betas: [beta1 as number, beta2 as number],
    epsilon: epsilon as number,
  };
}
