import { HearkenError } from '@hearken/core';
import { readPlainText } from '@hearken/onnx/node';
import { parseBoundedJson } from '../files/bounded-json.js';
import { dirname } from 'node:path';
import { hashFile } from '../files/hash-file.node.js';
import { extensionText } from '../extensions/extension-records.js';
import type { Extensions } from '../extensions/extensions.js';
import type { Metric } from '../metrics/index.js';
import { maximumResultBytes } from '../run/find-result-files.node.js';
import type { Result } from '../run/result.js';
import { fileBeside, readStoredAnswers } from '../run/stored-answers.node.js';
import { resultProblems } from './check-result.js';
import { extensionProblems } from './extension-problems.js';
import type { Problem } from './problem.js';
import { recomputeScores } from './recompute-scores.js';

/** What verifying a result file found. */
export interface VerifiedResult {
  /** The result's file. */
  readonly path: string;
  /** Undefined where the file is no result. */
  readonly result: Result | undefined;
  /** None where the result stands. */
  readonly problems: readonly Problem[];
  /** What could not be checked, in whole sentences. */
  readonly notes: readonly string[];
  /** Numbers that were compared. */
  readonly compared: number;
}

/**
 * Checks a result file against itself and the files beside it: schema, provenance, hashes, and every score computed
 * again from the stored predictions. Everything wrong is a problem in the answer, nothing is thrown for it.
 *
 * @param extensions what the result's metrics are, as far as they are none of Hearken's own
 */
export async function verifyResult(path: string, extensions: Extensions = {}): Promise<VerifiedResult> {
  const read = await readJson(path);
  if ('problem' in read) return { path, result: undefined, problems: [read.problem], notes: [], compared: 0 };
  const problems = resultProblems(read.value);
  if (problems.some(({ kind }) => kind === 'schema')) {
    return { path, result: undefined, problems, notes: [], compared: 0 };
  }
  const result = read.value as Result;
  const hashes = await hashProblems(path, result);
  const scores = await scoreProblems(path, result, extensions.metrics);
  return {
    path,
    result,
    problems: [...problems, ...hashes, ...extensionProblems(result, extensions), ...scores.problems],
    notes: notesOf(result),
    compared: scores.compared,
  };
}

async function readJson(path: string): Promise<{ readonly value: unknown } | { readonly problem: Problem }> {
  const unreadable = (message: string) => ({ problem: { kind: 'file', message } as const });
  try {
    return { value: parseBoundedJson(await readPlainText(path, { maximumBytes: maximumResultBytes })) };
  } catch (error) {
    if (error instanceof HearkenError) return unreadable(error.found);
    return unreadable(`cannot be read as JSON (${(error as Error).message.slice(0, 120)})`);
  }
}

/** Files beside a result whose hash it states. */
async function hashProblems(path: string, { predictions, testClips }: Result): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const [field, stated] of Object.entries({ predictions, testClips })) {
    if (stated?.sha256 === undefined) continue;
    const found = await attempt(async () => hashFile(fileBeside(path, stated.file, field), dirname(path)));
    if ('problem' in found) problems.push(found.problem);
    else if (found.value !== stated.sha256) {
      const message = `'${stated.file}' has SHA-256 ${found.value}, ${field}.sha256 states ${stated.sha256}`;
      problems.push({
        kind: 'hash',
        field: `${field}.sha256`,
        message,
        stated: stated.sha256,
        recomputed: found.value,
      });
    }
  }
  return problems;
}

async function scoreProblems(path: string, result: Result, own?: readonly Metric[]) {
  const found = await attempt(async () => recomputeScores(result, await readStoredAnswers(path, result), own));
  return 'problem' in found ? { problems: [found.problem], compared: 0 } : found.value;
}

/** Whatever is wrong with the files is a problem of the result. */
async function attempt<Value>(
  work: () => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly problem: Problem }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof HearkenError) {
      return { problem: { kind: 'file', message: `${error.asked}: ${error.found}` } };
    }
    const message = `the files beside it make no sense (${(error as Error).message.slice(0, 120)})`;
    return { problem: { kind: 'file', message } };
  }
}

function notesOf({ predictions, testClips, seeds, model, extensions = [] }: Result): string[] {
  const unhashed = [predictions, testClips].some((file) => file !== null && file?.sha256 === undefined);
  return [
    ...(unhashed ? ['It states no hash of its predictions or test clips: it is of an earlier version.'] : []),
    ...(seeds === undefined ? [] : [`Predictions are stored of the first of ${seeds.length} seeds only.`]),
    ...extensions
      .filter(({ kind }) => kind === 'probe')
      .map((one) => `The predictions are those of ${extensionText(one)}: they are scored, not made again.`),
    ...(model.checkpointSha256 === null ? ['The model has no checkpoint.'] : []),
  ];
}
