import type { CampaignModel } from './campaign.js';

/** A model that may not have a name yet. */
export interface UnnamedModel extends Omit<CampaignModel, 'name'> {
  /** What rows and messages shall call it. */
  readonly name?: string;
}

/** Two models that want the same name. */
export interface NameTaken {
  /** The name. */
  readonly name: string;
  /** Index of the second one. */
  readonly index: number;
}

/**
 * Gives every model a name of its own: the one it has, or `plugin:model`, followed by its settings if the same model is
 * there several times. A model that is there twice in every respect counts once.
 */
export function nameModels(models: readonly UnnamedModel[]): readonly CampaignModel[] | NameTaken {
  const named = new Map<string, CampaignModel>();
  const unnamed = models.filter(({ name }) => name === undefined);
  const times = (specifier: string) =>
    new Set(unnamed.filter(({ model }) => model === specifier).map(settingsText)).size +
    models.filter(({ name }) => name === specifier).length;
  for (const [index, model] of models.entries()) {
    const settings = settingsText(model);
    const plain = times(model.model) === 1 || settings === '' ? model.model : `${model.model} (${settings})`;
    const name = model.name ?? plain;
    const before = named.get(name);
    if (before !== undefined && !isSame(before, model)) return { name, index };
    named.set(name, { ...model, name });
  }
  return [...named.values()];
}

/** What tells a model from others of the same plugin and name. */
function settingsText({ checkpoint, options, weights, provider }: UnnamedModel): string {
  const texts = [
    ...(checkpoint === undefined ? [] : [checkpoint]),
    ...Object.entries(options ?? {}).map(([key, value]) => `${key} ${valueText(value)}`),
    ...(weights === undefined ? [] : [`weights ${weights}`]),
    ...(provider === undefined ? [] : [provider]),
  ];
  return texts.join(', ');
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join('+');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isSame(left: UnnamedModel, right: UnnamedModel): boolean {
  return left.model === right.model && JSON.stringify(settings(left)) === JSON.stringify(settings(right));
}

function settings({ checkpoint, options, weights, provider }: UnnamedModel) {
  return [checkpoint, options, weights, provider];
}
