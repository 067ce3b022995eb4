import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HearkenError, plainLeadName } from '@hearken/core';
import { describe, expect, it } from 'vitest';

/** Known values of a file, from an independent reader. */
export interface KnownValues {
  readonly rate?: number;
  /** Largest relative difference of the rate. */
  readonly rateTolerance?: number;
  readonly channels?: number;
  /** Names as in the file; null if there is none. */
  readonly leads?: readonly (string | null)[];
  /** Samples of each channel; null if they are not compared. */
  readonly samples?: number | null;
  /** `[channel, sample, value]`, null for a gap. */
  readonly points?: readonly (readonly [number, number, number | null])[];
  /** Of each channel, without gaps. */
  readonly mean?: readonly number[] | null;
  readonly rms?: readonly number[] | null;
  readonly tolerance?: number;
}

/** One object of an `expected.json`: a file, how to read it, and the right outcome. */
export interface FileCase extends KnownValues {
  readonly file: string;
  readonly want: 'values' | 'error' | 'events';
  readonly ask?: { readonly leads?: readonly string[]; readonly gaps?: 'keep' };
  /** Other right outcomes. */
  readonly also?: readonly KnownValues[];
  /** Regular expressions that the error must match, case ignored. */
  readonly words?: readonly string[];
  readonly or_error?: readonly string[];
  readonly or_warn?: readonly string[];
  readonly warn?: readonly string[];
  readonly note?: string;
}

/** What a reader returned for a file. */
export interface ReadFile {
  readonly rate: number;
  readonly leads?: readonly string[];
  readonly channels: readonly ArrayLike<number>[];
  readonly warnings: readonly string[];
}

/** The outcome for a file: what was read, or the error. A page sends it here as plain data. */
export type Outcome = ReadFile | { readonly error: string; readonly typed: boolean };

/** The folder of files written by other programs: `HEARKEN_FIXTURES_FILES`, or the one next to the checkout. */
export function fixturesFiles(): string {
  return (
    process.env.HEARKEN_FIXTURES_FILES ?? fileURLToPath(new URL('../../../shared/fixtures/files', import.meta.url))
  );
}

/** The cases of a folder below {@link fixturesFiles}, such as `ecg/edf`. */
export function readFileCases(part: string): FileCase[] {
  const { cases } = JSON.parse(readFileSync(join(fixturesFiles(), part, 'expected.json'), 'utf8')) as {
    cases: FileCase[];
  };
  return cases;
}

/** Identifies the case: several may have the same file. */
export function caseTitle({ file, ask, want }: FileCase): string {
  return `${file}${ask?.leads === undefined ? '' : ` [${ask.leads.join(' ')}]`}: ${want}`;
}

/**
 * One test for each case of a folder; if the folder is missing, a test that says so, and fails with `CI=true`.
 *
 * @param read gets the path of the file
 * @param isWanted which cases to use
 */
export function describeFileCases(
  part: string,
  title: string,
  read: (path: string, one: FileCase) => Promise<ReadFile>,
  isWanted: (one: FileCase) => boolean = () => true,
): void {
  describe(title, () => {
    const folder = join(fixturesFiles(), part);
    if (!existsSync(join(folder, 'expected.json'))) {
      it.skipIf(process.env.CI !== 'true')(`needs ${folder}`, () => {
        throw new Error(`${folder} is not there: put the fixtures beside the project, or unset CI`);
      });
      return;
    }
    it.each(
      readFileCases(part)
        .filter(isWanted)
        .map((one) => [caseTitle(one), one] as const),
    )('%s', async (_, one) => {
      expect(problemsOf(one, await outcomeOf(() => read(join(folder, one.file), one)))).toEqual([]);
    });
  });
}

/** Runs a reader, and catches what it throws. */
export async function outcomeOf(read: () => Promise<ReadFile>): Promise<Outcome> {
  try {
    return await read();
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), typed: error instanceof HearkenError };
  }
}

/** What is wrong with an outcome, in words; nothing if it is right. */
export function problemsOf(one: FileCase, outcome: Outcome): string[] {
  if ('error' in outcome) return problemsOfError(one, outcome);
  const unwarned = (patterns: readonly string[]) => missingWords(patterns, outcome.warnings.join('\n'));
  if (one.want === 'error') {
    const missing = one.or_warn === undefined ? undefined : unwarned(one.or_warn);
    if (missing?.length === 0) return [];
    return [`${one.file} was read, where an error is right; warnings: ${outcome.warnings.join(' ') || 'none'}`];
  }
  const differences = valueProblems(one, outcome);
  const also = one.also?.some((known) => valueProblems({ ...one, ...known }, outcome).length === 0) === true;
  const warnings = unwarned(one.warn ?? []).map((pattern) => `no warning that matches ${pattern}`);
  return also ? warnings : [...differences, ...warnings];
}

function problemsOfError(one: FileCase, { error, typed }: { error: string; typed: boolean }): string[] {
  const problems = typed ? [] : [`an error of no type of ours: ${error}`];
  const words = one.want === 'error' ? (one.words ?? []) : one.or_error;
  if (words === undefined) return [...problems, `refused, where values are right: ${error}`];
  // The file's own name does not say what is wrong with it.
  const said = error.replaceAll(basename(one.file), '');
  return [...problems, ...missingWords(words, said).map((word) => `the error does not say ${word}: ${error}`)];
}

function missingWords(patterns: readonly string[], text: string): string[] {
  return patterns.filter((pattern) => !new RegExp(pattern, 'i').test(text));
}

function valueProblems(known: KnownValues, { rate, leads, channels }: ReadFile): string[] {
  const problems: string[] = [];
  const differ = (what: string, found: unknown, right: unknown) => {
    problems.push(`${what}: ${String(found)}, and ${String(right)} is right`);
  };
  const tolerance = known.tolerance ?? 0;
  if (known.rate !== undefined && Math.abs(rate - known.rate) > (known.rateTolerance ?? 1e-9) * known.rate) {
    differ('rate', rate, known.rate);
  }
  const count = known.channels ?? known.leads?.length;
  if (count !== undefined && channels.length !== count) differ('channels', channels.length, count);
  known.leads?.forEach((lead, index) => {
    const found = leads?.[index] ?? '';
    if (lead !== null && plainLeadName(found) !== plainLeadName(lead)) differ(`lead ${index}`, found, lead);
  });
  if (typeof known.samples === 'number') {
    channels.forEach((channel, index) => {
      if (channel.length !== known.samples) differ(`samples of channel ${index}`, channel.length, known.samples);
    });
  }
  for (const [channel, sample, value] of known.points ?? []) {
    const found = channels.at(channel)?.[sample] ?? undefined;
    const isRight = value === null ? Number.isNaN(found) : found !== undefined && Math.abs(found - value) <= tolerance;
    if (!isRight) differ(`channel ${channel}, sample ${sample}`, found, value);
  }
  for (const [index, channel] of channels.entries()) {
    const { mean, rms } = moments(channel);
    const of = (values: readonly number[] | null | undefined) => values?.at(index) ?? undefined;
    const [rightMean, rightRms] = [of(known.mean), of(known.rms)];
    // Both are written with nine digits.
    const near = (found: number, right: number) => Math.abs(found - right) <= tolerance + 1e-8 * Math.abs(right);
    if (rightMean !== undefined && !near(mean, rightMean)) differ(`mean of channel ${index}`, mean, rightMean);
    if (rightRms !== undefined && !near(rms, rightRms)) differ(`rms of channel ${index}`, rms, rightRms);
  }
  return problems.slice(0, 12);
}

function moments(values: ArrayLike<number>): { mean: number; rms: number } {
  let [sum, squares, count] = [0, 0, 0];
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (Number.isNaN(value)) continue;
    sum += value;
    squares += value * value;
    count += 1;
  }
  return { mean: sum / count, rms: Math.sqrt(squares / count) };
}
