import { bytesSha256 } from '@hearken/core/node';
import { HearkenError } from '@hearken/core';
import type { Extensions } from '../extensions/metric-extensions.js';
import { readResultFile } from '../format/read-result.node.js';
import type { ResultProblem } from '../format/result-problem.js';
import type { Result } from '../format/result.js';
import { readSeedAnswers, seedFiles } from '../answers/seed-answers.node.js';
import { fileBeside, type ReadBeside, readingBesideOnce, readStoredAnswers } from '../answers/stored-answers.node.js';
import type { Task } from '@hearken/tasks';
import { checkClips } from './check-clips.js';
import { leftOutProblems } from './check-left-out.node.js';
import { predictionProblems } from './check-predictions.node.js';
import { provenanceProblems } from './check-provenance.js';
import { taskProblems } from './check-task.node.js';
import { extensionProblems } from './extension-problems.js';
import type { Problem } from './problem.js';
import { recomputeScores } from './recompute-scores.js';
import { uncheckedOf } from './unchecked.js';

/** The outcome of verifying a result file. */
export interface VerifiedResult {
  /** The result's file. */
  readonly path: string;
  /** Undefined if the file is not a result. */
  readonly result: Result | undefined;
  /** Empty if the result is sound. */
  readonly problems: readonly Problem[];
  /** What could not be checked for this result; what can never be checked is in `neverChecked`. */
  readonly unchecked: readonly string[];
  /** How many numbers were compared. */
  readonly compared: number;
}

/** What to verify a result with. */
export interface VerifyOptions extends Extensions {
  /** The tasks themselves, by id: test clips and labels are checked against them. */
  readonly tasks?: ReadonlyMap<string, Task>;
}

/**
 * Checks a result file against itself and the files next to it: schema, provenance, hashes, clips, predictions, and every
 * number that can be recomputed from them. Problems are returned, not thrown.
 *
 * @param options the result's custom metrics, and the tasks if available
 */
export async function verifyResult(path: string, options: VerifyOptions = {}): Promise<VerifiedResult> {
  const document = await readResultFile(path);
  if ('problems' in document) {
    return { path, result: undefined, problems: document.problems.map(problemOf), unchecked: [], compared: 0 };
  }
  const { result } = document;
  const problems = provenanceProblems(result);
  const read = readingBesideOnce();
  const hashes = await hashProblems(path, result, read);
  const scores = await scoreProblems(path, result, read, options);
  const hasTask = options.tasks?.has(result.task.id) === true;
  const { length: left } = result.leftOut ?? [];
  return {
    path,
    result,
    problems: [...problems, ...hashes, ...extensionProblems(result, options), ...scores.problems],
    unchecked: [
      ...scores.unchecked,
      ...(left === 0 || hasTask
        ? []
        : [`that the ${left} clips left out are unreadable: pass the task with --tasks to check.`]),
    ],
    compared: scores.compared,
  };
}

function problemOf({ reason, field, message }: ResultProblem): Problem {
  if (reason === 'unreadable' || reason === 'not-json') return { kind: 'file', message };
  return { kind: 'schema', ...(field === '' ? {} : { field }), message };
}

/** Checks the files next to a result against the hashes that it states. */
async function hashProblems(path: string, result: Result, read: ReadBeside): Promise<Problem[]> {
  const problems: Problem[] = [];
  const { predictions, testClips } = result;
  const ofSeeds = seedFiles(result).map(([index, file]) => [`seeds[${index}].predictions`, file] as const);
  for (const [field, stated] of [...Object.entries({ predictions, testClips }), ...ofSeeds]) {
    if (stated?.sha256 === undefined) continue;
    const found = await attempt(async () => bytesSha256(await read(fileBeside(path, stated.file, field))));
    if ('problem' in found) problems.push(found.problem);
    else if (found.value !== stated.sha256) {
      const message = `'${stated.file}' has SHA-256 ${found.value}, but ${field}.sha256 states ${stated.sha256}`;
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

async function scoreProblems(path: string, result: Result, read: ReadBeside, options: VerifyOptions) {
  const answers = await attempt(() => readStoredAnswers(path, result, read));
  if ('problem' in answers) {
    const problems = [answers.problem, ...leftOutProblems(result, undefined)];
    return { problems, unchecked: uncheckedOf(result, undefined), compared: 0 };
  }
  const stored = answers.value;
  const predictions = await attempt(() => predictionProblems(path, result, stored, read));
  const seeds = await attempt(() => readSeedAnswers(path, result, stored, read));
  const ofSeeds = 'problem' in seeds ? undefined : seeds.value;
  const clips = await attempt(() => Promise.resolve(checkClips(result, stored)));
  const task = await attempt(() => taskProblems(result, stored, options.tasks));
  const scores = await attempt(() =>
    Promise.resolve(recomputeScores(result, { ...stored, seeds: ofSeeds }, options.metrics)),
  );
  return {
    problems: [
      ...('problem' in predictions ? [predictions.problem] : predictions.value),
      ...leftOutProblems(result, stored.answers),
      ...('problem' in seeds ? [seeds.problem] : []),
      ...('problem' in clips ? [clips.problem] : clips.value.problems),
      ...('problem' in task ? [task.problem] : task.value),
      ...('problem' in scores ? [scores.problem] : scores.value.problems),
    ],
    unchecked: [
      ...uncheckedOf(result, stored.answers, ofSeeds !== undefined),
      ...('problem' in clips ? [] : clips.value.unchecked),
    ],
    compared: 'problem' in scores ? 0 : scores.value.compared,
  };
}

/** Turns any error about the files into a problem of the result. */
async function attempt<Value>(
  work: () => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly problem: Problem }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof HearkenError) {
      return { problem: { kind: 'file', message: `${error.asked}: ${error.found}` } };
    }
    const message = `the files next to it are not consistent (${(error as Error).message.slice(0, 120)})`;
    return { problem: { kind: 'file', message } };
  }
}
