import { type LoadOptions, OptionError } from '@hearken/core';
import { ModelConfig } from './model-config.js';

/** One line of help for a plugin's option `config`. */
export const configHelp =
  "settings of the network that its weights do not show, by their names in Hugging Face's config.json, as an object: needed for sizes that were not published, without that file";

/**
 * The settings that a checkpoint came with, and those that the option `config` gives besides and instead.
 *
 * @throws OptionError for an option that is no object
 */
export function configWithOption(config: ModelConfig | undefined, option: unknown): ModelConfig | undefined {
  if (option === undefined) return config;
  if (typeof option !== 'object' || option === null || Array.isArray(option)) {
    throw new OptionError({
      asked: `option config ${JSON.stringify(option).slice(0, 80)}`,
      found: 'no object of settings',
      fix: `pass an object such as {"num_attention_heads": 12}; config: ${configHelp}`,
    });
  }
  const name = config === undefined ? 'option config' : `${config.name} and option config`;
  return new ModelConfig(name, { ...config?.values, ...(option as Readonly<Record<string, unknown>>) });
}

/** The option `config` for the provenance, where it was given. */
export function givenConfig({ config }: LoadOptions): {
  /** As it was given. */
  readonly config?: unknown;
} {
  return config === undefined ? {} : { config };
}

/**
 * What the shapes of a network's weights do not determine: it is as published where the network has a published size, and
 * is asked for otherwise. A guess would give embeddings that look right and are not.
 */
export class NetworkSettings {
  readonly #missing = new Map<string, unknown>();

  /**
   * @param name the checkpoint, as errors name it
   * @param size what the weights show, for the error: `12 layers, 768 wide`
   * @param isPublished whether a model of exactly these shapes was published
   */
  constructor(
    readonly name: string,
    readonly size: string,
    readonly isPublished: boolean,
  ) {}

  /**
   * A setting.
   *
   * @param key its name in `config.json`
   * @param configured what a config says of it
   * @param published what the published model of this size has; for another size, an example
   */
  choose<Value>(key: string, configured: Value | undefined, published: Value): Value {
    if (configured !== undefined) return configured;
    if (!this.isPublished) this.#missing.set(key, published);
    return published;
  }

  /**
   * Makes sure that every setting is known.
   *
   * @throws OptionError naming every setting that nothing tells
   */
  check(): void {
    if (this.#missing.size === 0) return;
    const keys = [...this.#missing.keys()];
    throw new OptionError({
      asked: `the network of ${this.name} (${this.size})`,
      found: `no published model of that size, and nothing that tells its ${keys.join(', ')}: weights do not show them`,
      fix: `pass the folder with the model's config.json, or the values that it was trained with as options.config, such as --options '${JSON.stringify({ config: Object.fromEntries(this.#missing) })}'`,
    });
  }
}
