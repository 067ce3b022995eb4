import { type LoadOptions, OptionError } from '@hearken/core';
import { ModelConfig } from './model-config.js';

/** One line of help for a plugin's option `config`. */
export const configHelp =
  "an object of network settings that the weights do not show, named as in Hugging Face's config.json: needed for unpublished sizes that come without that file";

/**
 * The settings that come with a checkpoint, extended and overridden by the option `config`.
 *
 * @throws OptionError for an option that is not an object
 */
export function configWithOption(config: ModelConfig | undefined, option: unknown): ModelConfig | undefined {
  if (option === undefined) return config;
  if (typeof option !== 'object' || option === null || Array.isArray(option)) {
    throw new OptionError({
      asked: `option config ${JSON.stringify(option).slice(0, 80)}`,
      found: 'not an object of settings',
      fix: `pass an object such as {"num_attention_heads": 12}; config: ${configHelp}`,
    });
  }
  const name = config === undefined ? 'option config' : `${config.name} and option config`;
  return new ModelConfig(name, { ...config?.values, ...(option as Readonly<Record<string, unknown>>) });
}

/** The option `config` for the provenance, if it was given. */
export function givenConfig({ config }: LoadOptions): {
  /** As given. */
  readonly config?: unknown;
} {
  return config === undefined ? {} : { config };
}

/**
 * Settings that the shapes of a network's weights don't determine. For a published size, the published ones are used;
 * otherwise they must be given. A guess would give embeddings that look right but are wrong.
 */
export class NetworkSettings {
  readonly #missing = new Map<string, unknown>();

  /**
   * @param name the checkpoint's name in errors
   * @param size what the weights show, for errors: `12 layers, 768 wide`
   * @param isPublished whether a model with exactly these shapes was published
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
   * @param configured its value in the config
   * @param published its value in the published model of this size; for another size, an example
   */
  choose<Value>(key: string, configured: Value | undefined, published: Value): Value {
    if (configured !== undefined) return configured;
    if (!this.isPublished) this.#missing.set(key, published);
    return published;
  }

  /**
   * Makes sure that every setting is known.
   *
   * @throws OptionError naming every unknown setting
   */
  check(): void {
    if (this.#missing.size === 0) return;
    const keys = [...this.#missing.keys()];
    throw new OptionError({
      asked: `the network of ${this.name} (${this.size})`,
      found: `no published model of that size, and no ${keys.join(', ')}, which the weights do not show`,
      fix: `pass the folder with the model's config.json, or the values used in training as options.config, such as --options '${JSON.stringify({ config: Object.fromEntries(this.#missing) })}'`,
    });
  }
}
