import { modelPathName } from '../models/model-name.js';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FileError } from '@hearken/core';
import type { Extensions } from '../extensions/metric-extensions.js';
import { collectScores, type CollectedScores } from '../protocols/collect-scores.node.js';
import type { Protocol } from '../protocols/protocol.js';
import { hashIdentity } from '../result/hash-identity.node.js';
import { modelIdentity, pathPart } from '../result/identity.js';
import type { Result } from '../format/result.js';
import { seedFiles } from '../answers/seed-answers.node.js';
import { fileBeside, readBeside } from '../answers/stored-answers.node.js';
import { writeFileAtomic } from '@hearken/core/node';
import { leftOut, missingTasks } from './check-protocol.js';
import { findResultFiles } from '../result/find-result-files.node.js';
import { submissionText } from './submission-text.js';
import { verifyResult, type VerifiedResult } from './verify-result.node.js';

/** What to submit, and where. */
export interface SubmissionOptions {
  /** Result files, or folders of them. */
  readonly results: readonly string[];
  /** The protocol that the results must follow. */
  readonly protocol: Protocol;
  /** The results repository, or any folder with its layout. */
  readonly out: string;
  /** Submit even if tasks of the protocol are missing. */
  readonly partial?: boolean;
  /** The results' custom metrics. */
  readonly extensions?: Extensions;
}

/** A submission, or why it was refused. */
export interface Submission {
  /** The reasons for refusing it, one per line; nothing is written in that case. */
  readonly refusals: readonly string[];
  /** Files that are not part of it, with the reason. */
  readonly leftOut: readonly string[];
  /** Tasks of the protocol without a result. */
  readonly missing: readonly string[];
  /** The folder written; undefined if refused. */
  readonly folder: string | undefined;
  /** Paths of all files written. */
  readonly files: readonly string[];
}

/** A verified result without problems. */
type SoundResult = VerifiedResult & { readonly result: Result };

/**
 * Checks results and copies them into the layout of the results repository,
 * `<out>/results/<protocol>/<plugin>-<model>-<hash>/`, with a `SUBMISSION.md`. Every refusal names its file or task.
 *
 * @throws FileError if there are no results, or if `out` cannot be written or already holds a submission of the model
 */
export async function prepareSubmission(options: SubmissionOptions): Promise<Submission> {
  const { protocol } = options;
  const refusals: string[] = [];
  const others: string[] = [];
  const sound: SoundResult[] = [];
  for (const path of await findResultFiles(options.results)) {
    const verified = await verifyResult(path, options.extensions);
    const { result, problems } = verified;
    // A file that is not a valid result is always reported, as its protocol is unknown.
    const reason = result === undefined ? undefined : leftOut(protocol, result);
    if (reason !== undefined) others.push(`${path}: ${reason}`);
    else if (result === undefined || problems.length > 0) {
      refusals.push(...problems.map(({ message }) => `${path}: ${message}`));
    } else sound.push({ ...verified, result });
  }
  const nothing = { leftOut: others, missing: [], folder: undefined, files: [] };
  if (refusals.length > 0) return { ...nothing, refusals };
  const models = await collectScores(protocol, sound);
  if (models.length !== 1) {
    const names = models.map(({ model }) => model).join(', ');
    const found = models.length === 0 ? 'none' : `results of ${models.length} models: ${names}`;
    return { ...nothing, refusals: [`expected results of exactly one model on ${protocol.name}, found ${found}`] };
  }
  const [model] = models;
  const missing = missingTasks(protocol, model);
  if (missing.length > 0 && options.partial !== true) {
    const asked = `${missing.length} tasks of ${protocol.name} are missing; score them, or submit without them using --partial`;
    return { ...nothing, missing, refusals: [asked, ...missing] };
  }
  return { ...nothing, refusals, missing, ...(await writeSubmission(options, sound, model, missing)) };
}

async function writeSubmission(
  { protocol, out }: SubmissionOptions,
  sound: readonly SoundResult[],
  model: CollectedScores,
  missing: readonly string[],
): Promise<Pick<Submission, 'folder' | 'files'>> {
  const { model: provenance } = sound[0].result;
  const hash = hashIdentity(modelIdentity(provenance)).slice(0, 8);
  const name = pathPart(`${modelPathName(provenance)}-${hash}`);
  const folder = join(out, 'results', pathPart(protocol.name), name);
  await checkFree(folder);
  const sources = sound.flatMap(({ path, result, result: { predictions, testClips } }) => [
    path,
    ...seedFiles(result).map(([, { file }]) => fileBeside(path, file, 'test predictions')),
    ...(predictions?.file === undefined ? [] : [fileBeside(path, predictions.file, 'test predictions')]),
    ...(testClips?.file === undefined ? [] : [fileBeside(path, testClips.file, 'test clips')]),
  ]);
  checkNames(sources);
  const files: string[] = [];
  for (const source of sources) {
    const target = join(folder, basename(source));
    await writeFileAtomic(target, await readBeside(source));
    files.push(target);
  }
  const page = join(folder, 'SUBMISSION.md');
  await writeFileAtomic(page, submissionText(protocol, sound, model, missing));
  return { folder, files: [...files, page] };
}

/** Results from several folders are copied into one. */
function checkNames(paths: readonly string[]): void {
  const names = paths.map((path) => basename(path));
  const twice = names.find((name, index) => name === 'SUBMISSION.md' || names.indexOf(name) < index);
  if (twice === undefined) return;
  const fix = 'pass the results of one folder';
  throw new FileError({ asked: `'${twice}' in a submission`, found: 'two files of that name', fix });
}

/** A submission does not overwrite another one's files: who changes it removes the folder. */
async function checkFree(folder: string): Promise<void> {
  const there = await stat(folder).then(
    () => true,
    () => false,
  );
  if (!there) return;
  throw new FileError({
    asked: `a new folder '${folder}' for the submission`,
    found: 'an existing folder',
    fix: 'remove it if the new results replace it, or choose another folder with --out',
  });
}
