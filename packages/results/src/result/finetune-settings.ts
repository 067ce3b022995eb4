import type { RecipeSettings } from '@hearken/core';

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

/** Few digits that differ between two of a recipe's sets of numbers. */
export function settingsDigest({ settings }: Pick<FinetuneSettings, 'settings'>): string {
  const text = JSON.stringify(Object.entries(settings).sort(([one], [other]) => (one < other ? -1 : 1)));
  let hash = 0;
  for (let index = 0; index < text.length; index += 1) hash = (31 * hash + text.charCodeAt(index)) % 0xffffff;
  return hash.toString(16).padStart(6, '0');
}
