import type { RecipeSettings } from '@hearken/core';
import { shortHash } from '@hearken/core/internal';

/** How a model was fine-tuned on a task's training clips, instead of a probe on its embeddings. */
export interface FinetuneSettings {
  /** Name of the recipe. */
  readonly recipe: string;
  /** Its numbers, all of them. */
  readonly settings: RecipeSettings;
}

/** What was trained, as tables name it: a probe, or `finetune` and the recipe. */
export function trainedName({
  probe,
  finetune,
}: {
  readonly probe: string;
  readonly finetune?: Pick<FinetuneSettings, 'recipe'>;
}): string {
  return finetune === undefined ? probe : `finetune ${finetune.recipe}`;
}

/** The recipe in what {@link trainedName} gives; undefined for a probe. */
export function recipeOfTrained(name: string): string | undefined {
  return /^finetune (.+)$/u.exec(name)?.[1];
}

/** Few digits that differ between two of a recipe's sets of numbers. */
export function settingsDigest({ settings }: Pick<FinetuneSettings, 'settings'>): string {
  const text = JSON.stringify(Object.entries(settings).sort(([one], [other]) => (one < other ? -1 : 1)));
  return shortHash(text, 6);
}
