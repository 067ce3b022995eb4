import { hashIdentity } from '../result/hash-identity.node.js';
import { modelIdentity } from '../result/identity.js';
import type { Result } from '../format/result.js';
import { recordOf } from '@hearken/core/internal';

/** A setting that differs between two results of a task. */
export interface SettingDifference {
  /** Its name in the result files: `options.melBands`, `checkpointSha256`, `probe`, `gridPoints`. */
  readonly setting: string;
  /** The values in the two results, in the order they were passed; null if a result doesn't state it. */
  readonly values: readonly [unknown, unknown];
}

/**
 * How two results of a task differ, apart from their scores: in the evaluation and, if both are of the same model, in its
 * version, checkpoint, options and backend. Different models always differ in those.
 */
export function settingDifferences(first: Result, second: Result): SettingDifference[] {
  const sides = [first, second] as const;
  const isSameModel = sides.every(
    ({ model }) => model.plugin === first.model.plugin && model.model === first.model.model,
  );
  const [ofFirst, ofSecond] = sides.map((result) => (isSameModel ? settingsOf(result) : evaluationSettings(result)));
  return settingNames([ofFirst, ofSecond])
    .map((setting) => ({ setting, values: [valueOf(ofFirst, setting), valueOf(ofSecond, setting)] as const }))
    .filter(({ values: [one, two] }) => hashIdentity(one) !== hashIdentity(two))
    .concat(leftOutDifference(first, second) ?? []);
}

/** The clips that each result left out; undefined if they are the same. */
export function leftOutDifference(first: Result, second: Result): SettingDifference | undefined {
  const [one, other] = [first, second].map(({ leftOut = [] }) => leftOut.map(({ split, clip }) => `${split}/${clip}`));
  if (hashIdentity(one) === hashIdentity(other)) return undefined;
  return { setting: 'leftOut', values: [one, other] };
}

/** The settings of model and evaluation in a result, by the names used by `compare`. */
export function settingsOf(result: Result): Record<string, unknown> {
  const { model, harness } = result;
  const { pluginVersion, checkpointSha256, options, backend } = modelIdentity(model);
  const named = Object.entries(recordOf(options)).map(([name, value]) => [`options.${name}`, value]);
  return {
    pluginVersion,
    checkpointSha256,
    ...(Object.fromEntries(named) as Record<string, unknown>),
    backend,
    'harness.version': recordOf(harness).version,
    ...evaluationSettings(result),
  };
}

/** The names of all settings that occur in any of the results. */
export function settingNames(settings: readonly Record<string, unknown>[]): string[] {
  return [...new Set(settings.flatMap((side) => Object.keys(side)))];
}

/** The value of a setting, ignoring inherited properties; null if not stated. */
export function valueOf(settings: Record<string, unknown>, setting: string): unknown {
  return Object.hasOwn(settings, setting) ? (settings[setting] ?? null) : null;
}

function evaluationSettings(result: Result): Record<string, unknown> {
  return { ...recordOf(result.evaluation), ...extensionSettings(result) };
}

/** Two versions of a custom metric or probe can have the same name. */
function extensionSettings({ extensions }: Result): Record<string, unknown> {
  const settings = (Array.isArray(extensions) ? (extensions as NonNullable<Result['extensions']>) : []).flatMap(
    ({ kind, name, version, sha256 }) => [
      [`extensions.${kind}.${name}.version`, version],
      [`extensions.${kind}.${name}.sha256`, sha256],
    ],
  );
  return Object.fromEntries(settings) as Record<string, unknown>;
}
