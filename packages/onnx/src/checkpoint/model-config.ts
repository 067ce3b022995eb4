import { CheckpointError } from '@hearken/core';
import type { ByteSource } from './byte-source.js';
import { surveyJson } from './json-survey.js';

/** Limits for a JSON file next to a checkpoint: far above what a model needs, far below what would cause trouble. */
export interface JsonLimits {
  readonly bytes: number;
  readonly depth: number;
  readonly values: number;
}

const configLimits: JsonLimits = { bytes: 4 * 1024 * 1024, depth: 16, values: 200_000 };

/** The smallest and largest allowed number. */
export interface ConfigRange {
  /** The smallest allowed number. */
  readonly minimum?: number;
  /** The largest allowed number. */
  readonly maximum?: number;
}

/**
 * The settings that come with a checkpoint: a `config.json`, or the same as an object. Each getter returns undefined if
 * the setting is absent or null, and throws if it has another type.
 */
export class ModelConfig {
  /** @param name - the file's name in errors */
  constructor(
    readonly name: string,
    /** The settings as read, by name. */
    readonly values: Readonly<Record<string, unknown>>,
  ) {}

  /**
   * A number.
   *
   * @throws CheckpointError for anything but a number between the limits
   */
  number(key: string, { minimum = -Infinity, maximum = Infinity }: ConfigRange = {}): number | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isFinite(value) && value >= minimum && value <= maximum) return value;
    throw this.#refused(key, value, `a number from ${minimum} to ${maximum}`);
  }

  /**
   * An integer.
   *
   * @throws CheckpointError for anything but an integer between the limits, by default 1 and 1,000,000
   */
  integer(key: string, { minimum = 1, maximum = 1_000_000 }: ConfigRange = {}): number | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    if (isIntegerIn(value, minimum, maximum)) return value;
    throw this.#refused(key, value, `an integer from ${minimum} to ${maximum}`);
  }

  /**
   * A list of integers; a single integer counts as a list.
   *
   * @throws CheckpointError for anything but integers between the limits
   */
  integers(key: string, { minimum = 1, maximum = 1_000_000 }: ConfigRange = {}): readonly number[] | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    const list: unknown[] = Array.isArray(value) ? value : [value];
    if (list.every((item) => isIntegerIn(item, minimum, maximum))) return list;
    throw this.#refused(key, value, `integers from ${minimum} to ${maximum}`);
  }

  /**
   * Text, and one of `choices` if given.
   *
   * @throws CheckpointError for anything but text, or text that is not one of `choices`
   */
  text<Choice extends string = string>(key: string, choices?: readonly Choice[]): Choice | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    if (typeof value === 'string' && (choices === undefined || choices.includes(value as Choice))) {
      return value as Choice;
    }
    throw this.#refused(key, value, choices === undefined ? 'text' : `one of ${choices.join(', ')}`);
  }

  /**
   * True or false.
   *
   * @throws CheckpointError for anything but true or false
   */
  flag(key: string): boolean | undefined {
    const value = this.#value(key);
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.#refused(key, value, 'true or false');
  }

  #value(key: string): unknown {
    return Object.hasOwn(this.values, key) ? (this.values[key] ?? undefined) : undefined;
  }

  #refused(key: string, value: unknown, needed: string): CheckpointError {
    return new CheckpointError({
      asked: `${this.name}: '${key}' as ${needed}`,
      found: (JSON.stringify(value) ?? typeof value).slice(0, 80),
      fix: "pass the model's published config",
    });
  }
}

/** Reads a `config.json`. */
export async function readModelConfig(source: ByteSource): Promise<ModelConfig> {
  return new ModelConfig(source.name, await readJsonObject(source, configLimits));
}

/**
 * Reads a small JSON file that contains an object.
 *
 * @throws CheckpointError if it exceeds the limits, or is not such JSON
 */
export async function readJsonObject(source: ByteSource, limits: JsonLimits): Promise<Record<string, unknown>> {
  const refused = (found: string, cause?: unknown) =>
    new CheckpointError({
      asked: source.name,
      found,
      fix: 'download it again from the place where the model is published',
      cause,
    });
  if (source.size > limits.bytes) throw refused(`has ${source.size} bytes, more than ${limits.bytes}`);
  const bytes = await source.read(0, source.size);
  const survey = surveyJson(bytes);
  if (survey.depth > limits.depth || survey.values > limits.values || survey.members > limits.values) {
    throw refused('is nested too deeply or has too many entries');
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw refused('is not JSON', cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused('is not a JSON object');
  return value as Record<string, unknown>;
}

function isIntegerIn(value: unknown, minimum: number, maximum: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= minimum && value <= maximum;
}
