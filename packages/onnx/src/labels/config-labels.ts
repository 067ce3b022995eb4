import type { HeadKind } from '@hearken/core';
import type { ModelConfig } from '../checkpoint/model-config.js';

/** Longer texts are not names of labels. */
const longestName = 200;

/** What a config says about its model's labels. */
export interface ConfigLabels {
  /** Names in the order of the logits; absent if the config has none, or only placeholders. */
  readonly labels?: readonly string[];
  /** What the logits mean, according to `problem_type`. */
  readonly kind?: HeadKind;
}

/**
 * The labels that a Hugging Face config names (`id2label`, `problem_type`). Without a training script's names,
 * transformers writes `LABEL_0`, `LABEL_1`, ...: these count as no names, as do lists of another size than the head's
 * and lists with a name twice.
 *
 * @param size number of logits of the head
 */
export function configLabels(config: ModelConfig | undefined, size: number): ConfigLabels {
  const labels = labelNames(namesOf(config?.values.id2label), size);
  const problem = config?.values.problem_type;
  const kind =
    problem === 'multi_label_classification'
      ? 'multilabel'
      : problem === 'single_label_classification'
        ? 'multiclass'
        : undefined;
  return { ...(labels === undefined ? {} : { labels }), ...(kind === undefined ? {} : { kind }) };
}

/**
 * Names that a checkpoint gives its labels, if they are names: as many as there are, all different, and not only
 * `LABEL_0`, `LABEL_1`, ...
 *
 * @param names anything that was read from a file
 */
export function labelNames(names: unknown, size: number): readonly string[] | undefined {
  if (!Array.isArray(names) || names.length !== size) return undefined;
  const texts = names.filter((name): name is string => typeof name === 'string' && name.length <= longestName);
  const labels = texts.map((name) => name.trim()).filter((name) => name !== '');
  if (new Set(labels).size !== size) return undefined;
  return labels.some((name) => /^label[_ ]?\d+$/i.test(name)) ? undefined : labels;
}

/** `{"0": "normal", "1": "crackle"}`, a dict with integers as keys (from a pickled config), or a list. */
function namesOf(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[];
  if (typeof value !== 'object' || value === null) return undefined;
  const entries: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
  const names = new Array<unknown>(entries.length).fill(undefined);
  for (const [key, name] of entries) {
    const index = Number(key);
    if (Number.isInteger(index) && index >= 0 && index < names.length) names[index] = name;
  }
  return names;
}
