import { didYouMean, OptionError, type RecipeSettings, type TrainingRecipe } from '@hearken/core';
import { generalRecipes } from './general-recipes.js';
import { defaultSettings, overrideSettings } from './settings.js';

/** A recipe with all its numbers. */
export interface ResolvedRecipe {
  /** Its name. */
  readonly name: string;
  /** What it does. */
  readonly recipe: TrainingRecipe;
  /** Every setting, overrides included. */
  readonly settings: RecipeSettings;
}

/**
 * Finds a recipe and sets its numbers.
 *
 * @param own recipes of the model's plugin, which go before general ones
 * @param model its name, for errors
 * @param overrides settings that differ from the recipe's
 * @throws OptionError for a recipe that the model doesn't have, and as {@link overrideSettings}
 */
export function resolveRecipe(
  name: string,
  own: Readonly<Record<string, TrainingRecipe>>,
  model: string,
  overrides: Readonly<Record<string, unknown>> = {},
): ResolvedRecipe {
  const known = { ...generalRecipes, ...own };
  if (!Object.hasOwn(known, name)) {
    throw new OptionError({
      asked: `recipe '${name}' for ${model}`,
      found: 'no such recipe for this model',
      fix: `${didYouMean(name, Object.keys(known))}known: ${Object.keys(known).join(', ')}`,
    });
  }
  const recipe = known[name];
  return { name, recipe, settings: overrideSettings(name, { ...defaultSettings, ...recipe.settings }, overrides) };
}
