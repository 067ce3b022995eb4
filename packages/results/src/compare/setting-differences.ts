import { hashIdentity } from '../result/hash-identity.node.js';
import { modelIdentity } from '../result/identity.js';
import type { Result } from '../format/result.js';
import { recordOf } from '@hearken/core/internal';

/** A setting that two results of a task do not share. */
export interface SettingDifference {
  /** As the result files call it: `options.melBands`, `checkpointSha256`, `probe`, `gridPoints`. */
  readonly setting: string;
  /** What the two say, in the order in which they were asked for; null where one does not say. */
  readonly values: readonly [unknown, unknown];
}

/**
 * In what two results of a task differ, beside their scores: how they were evaluated, and, of one and the same model, its
 * version, checkpoint, options and backend. Two models differ in those anyway.
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

/** Clips that one of two results has and the other left out; undefined where both have the same. */
export function leftOutDifference(first: Result, second: Result): SettingDifference | undefined {
  const [one, other] = [first, second].map(({ leftOut = [] }) => leftOut.map(({ split, clip }) => `${split}/${clip}`));
  if (hashIdentity(one) === hashIdentity(other)) return undefined;
  return { setting: 'leftOut', values: [one, other] };
}

/** What a result says of the model and of how it was evaluated, by the names that `compare` has for it. */
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

/** The names of all settings that any of some results has. */
export function settingNames(settings: readonly Record<string, unknown>[]): string[] {
  return [...new Set(settings.flatMap((side) => Object.keys(side)))];
}

/** A setting that a result itself has, whatever its name; null where it says nothing of it. */
export function valueOf(settings: Record<string, unknown>, setting: string): unknown {
  return Object.hasOwn(settings, setting) ? (settings[setting] ?? null) : null;
}

function evaluationSettings(result: Result): Record<string, unknown> {
  return { ...recordOf(result.evaluation), ...extensionSettings(result) };
}

/** One name can stand for two versions of a custom metric or probe. */
function extensionSettings({ extensions }: Result): Record<string, unknown> {
  const settings = (Array.isArray(extensions) ? (extensions as NonNullable<Result['extensions']>) : []).flatMap(
    ({ kind, name, version, sha256 }) => [
      [`extensions.${kind}.${name}.version`, version],
      [`extensions.${kind}.${name}.sha256`, sha256],
    ],
  );
  return Object.fromEntries(settings) as Record<string, unknown>;
}
