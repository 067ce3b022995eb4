import { didYouMean, OptionError } from '@hearken/core';

/** A name and a value that belongs to it. */
export interface NamedValue {
  /** Undefined for a value that names nothing. */
  readonly name: string | undefined;
  /** What follows the name. */
  readonly value: string;
}

/** Splits `NAME=VALUE` for the longest of the names that it begins with. */
export function namedValue(text: string, names: readonly string[]): NamedValue {
  const matching = names.filter((name) => text.startsWith(`${name}=`));
  const name = matching.reduce<string | undefined>(
    (longest, one) => (longest === undefined || one.length > longest.length ? one : longest),
    undefined,
  );
  return { name, value: name === undefined ? text : text.slice(name.length + 1) };
}

/**
 * Assigns the values of an option to models. With one model, a value belongs to it, with or without its name; with
 * several, each value is `MODEL=VALUE`.
 *
 * @param flag the option, such as `--checkpoint`
 * @param values as given, in any order
 * @param names those of the models
 * @throws OptionError for a value without the name of a model, and for two values of one
 */
export function modelValues(
  flag: string,
  values: readonly string[],
  names: readonly string[],
): ReadonlyMap<string, string> {
  const assigned = new Map<string, string>();
  for (const text of values) {
    const { name = names.length === 1 ? names[0] : undefined, value } = namedValue(text, names);
    if (name === undefined) throw withoutModel(flag, text, names);
    const before = assigned.get(name);
    if (before !== undefined) {
      throw new OptionError({
        asked: `${flag} with one value${names.length === 1 ? '' : ` for ${name}`}`,
        found: `two: '${before.slice(0, 80)}' and '${value.slice(0, 80)}'`,
        fix: 'leave one out, or run the command once for each',
      });
    }
    assigned.set(name, value);
  }
  return assigned;
}

function withoutModel(flag: string, text: string, names: readonly string[]): OptionError {
  const before = /^([^={]+)=/.exec(text)?.[1];
  const guess = before === undefined ? '' : didYouMean(before, names);
  return new OptionError({
    asked: `${flag} '${text.slice(0, 80)}' with ${names.length} models`,
    found: before === undefined ? 'no model that it belongs to' : `no model '${before.slice(0, 80)}'`,
    fix: `${guess}write ${flag} MODEL=VALUE, with MODEL one of ${names.join(', ')}`,
  });
}
