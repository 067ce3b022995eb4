import { PluginError } from '@hearken/core';
import type { Random } from '@hearken/metrics';
import type { ProbeConfiguration } from '@hearken/results';
import type { Probe, ProbeContext, TrainedProbe, TrainingOptions, Validation } from '../probes/probe.js';
import type { Rows } from '../probes/rows.js';

/** What a module can export. */
export type ExtensionKind = 'metric' | 'probe';

/**
 * Marks what `defineMetric` and `defineProbe` return. The registered symbol is the same in every copy of this package:
 * the loaded module may use another copy.
 */
const mark = Symbol.for('@hearken/bench/extension');

/** Raised when the requirements for metrics or probes change, so that older ones would be called wrongly. */
export const contractVersion = 1;

/** Its kind, and the version of the requirements that it was made for. */
export interface ExtensionMark {
  readonly kind: ExtensionKind;
  readonly contract: number;
}

/** `definition` with its mark. */
export function marked<Definition extends object>(kind: ExtensionKind, definition: Definition): Definition {
  const value: ExtensionMark = { kind, contract: contractVersion };
  return { ...definition, [mark]: value };
}

/** The mark of `value`; undefined for anything not made by `defineMetric` or `defineProbe`. */
export function markOf(value: unknown): ExtensionMark | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as { readonly [mark]?: ExtensionMark })[mark];
}

/** What every definition has. */
interface Described {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
}

/** Names are used as keys in result files and as file names. */
const wholeName = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const wholeVersion = /^[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}$/;
const longestSummary = 200;

/** @throws PluginError for a name that cannot be a key, an empty version or summary, or a missing function */
export function checkDescription(
  kind: ExtensionKind,
  definition: Described,
  functions: readonly string[],
  others: readonly string[] = [],
): void {
  const given = definition as unknown as Readonly<Record<string, unknown>>;
  const { name, version, summary } = given;
  const isText = (value: unknown, pattern: RegExp) => typeof value === 'string' && pattern.test(value);
  const problems = [
    ...(isText(name, wholeName) && !((name as string) in {}) ? [] : ['a name that is not letters, digits, _ and -']),
    ...(isText(version, wholeVersion) ? [] : ['no version such as 1.0.0']),
    ...(isText(summary, /^[^\p{Cc}]+$/u) && (summary as string).length <= longestSummary
      ? []
      : [`no summary of one line, at most ${longestSummary} characters`]),
    ...functions.filter((key) => typeof given[key] !== 'function').map((key) => `no function ${key}`),
    ...others,
  ];
  if (problems.length === 0) return;
  const create = kind === 'metric' ? 'defineMetric' : 'defineProbe';
  throw new PluginError({
    asked: `${kind} ${typeof name === 'string' ? `'${name.slice(0, 80)}'` : 'without a name'}`,
    found: problems.join(', '),
    fix: `complete the argument of ${create}`,
  });
}

/** What the training of a custom probe receives. */
export interface CustomTrainingOptions extends TrainingOptions {
  /** Seeded with `seed`: if all random numbers come from it, the same seed gives the same probe. */
  readonly random: Random;
}

/** A probe as `defineProbe` takes it; parts with a default may be left out. */
export interface CustomProbe<Configuration extends ProbeConfiguration = ProbeConfiguration> extends Pick<
  Probe<Configuration>,
  'configurations' | 'predict'
> {
  /** Estimated cost of a training; default: that of a probe that goes over its rows a few times. */
  effort?: Probe<Configuration>['effort'];
  /**
   * Trains on `train` only. The validation rows are for stopping and selecting: `validation.score` of the probe's
   * predictions for them is the training's score, and its decision is stored with it.
   */
  train<Decision>(
    train: Rows,
    validationRows: Rows,
    validation: Validation<Decision>,
    configuration: Configuration,
    options: CustomTrainingOptions,
  ): Promise<TrainedProbe<Decision>>;
  /** Frees what the probe keeps between trainings. */
  dispose?(): Promise<void>;
}

/** A kind of probe, for `defineProbe`. */
export interface CustomProbeDefinition {
  /** Its name for `--probe`. */
  readonly name: string;
  /** Must change with every change that may change a score; results record it. */
  readonly version: string;
  /** One line for reports. */
  readonly summary: string;
  /** Makes a probe for a task. Throws an `OptionError` for an unsupported prediction type. */
  create(context: ProbeContext): CustomProbe;
}
