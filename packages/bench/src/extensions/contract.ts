import { PluginError } from '@hearken/core';

/** What a module can bring along. */
export type ExtensionKind = 'metric' | 'probe';

/**
 * Marks what `defineMetric` and `defineProbe` made. The registered symbol is the same in every copy of this package: the
 * module that is loaded may have a copy of its own.
 */
const mark = Symbol.for('@hearken/bench/extension');

/** Raised when what is asked of a metric or probe changes, so that an older one would be called wrongly. */
export const contractVersion = 1;

/** Of what kind, and made for which version of what is asked of it. */
export interface ExtensionMark {
  readonly kind: ExtensionKind;
  readonly contract: number;
}

/** `definition` with its mark. */
export function marked<Definition extends object>(kind: ExtensionKind, definition: Definition): Definition {
  const value: ExtensionMark = { kind, contract: contractVersion };
  return { ...definition, [mark]: value };
}

/** What `value` is marked as; undefined for anything that neither `defineMetric` nor `defineProbe` made. */
export function markOf(value: unknown): ExtensionMark | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as { readonly [mark]?: ExtensionMark })[mark];
}

/** What every definition says of itself. */
interface Described {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
}

/** Names are keys in result files and file names in folders of sources. */
const wholeName = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const wholeVersion = /^[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}$/;
const longestSummary = 200;

/**
 * @throws PluginError for a name that cannot be a key, an empty version or summary, or a function that is missing
 */
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
    fix: `complete what is passed to ${create}`,
  });
}
