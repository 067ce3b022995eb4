import { join } from 'node:path';
import { isRecord, parseBoundedJson } from '@hearken/core/internal';
import { readPlainText, writeFileAtomic } from '@hearken/core/node';
import { fieldProblems } from '../format/field-problems.js';
import { modelPathName } from '../models/model-name.js';
import { findProfileFiles } from '../result/find-result-files.node.js';
import { hashIdentity } from '../result/hash-identity.node.js';
import { modelIdentity, pathPart } from '../result/identity.js';
import { type Profile, profileVersion, profileSchema } from './profile-schema.js';

/** Far above the size of any profile. */
const maximumBytes = 2 ** 20;

/** A profile and its file. */
export interface ProfileAt {
  /** Its file. */
  readonly path: string;
  /** What the file says. */
  readonly profile: Profile;
}

/** The profiles in some folders. */
export interface FoundProfiles {
  /** Sorted by path. */
  readonly profiles: readonly ProfileAt[];
  /** Files named like profiles that cannot be read as one, and why. */
  readonly damaged: readonly { readonly path: string; readonly message: string }[];
}

/**
 * Writes a profile beside the model's results, as `<out>/<plugin>-<model>/profile.<hash>.json`. The same model on the
 * same machine has the same file, which is replaced.
 *
 * @returns its path
 * @throws FileError if it cannot be written
 */
export async function writeProfile(out: string, profile: Profile): Promise<string> {
  const { model, machine } = profile;
  const { processor, cores, memoryBytes, platform, architecture } = machine;
  const place = { processor, cores, memoryBytes, platform, architecture, threads: model.execution.threads ?? null };
  const hash = hashIdentity({ model: modelIdentity(model), machine: place });
  const path = join(out, pathPart(modelPathName(model)), `profile.${hash.slice(0, 8)}.json`);
  await writeFileAtomic(path, `${JSON.stringify(profile, undefined, 2)}\n`);
  return path;
}

/**
 * Reads all profiles in the given files and folders. A damaged one does not hide the others.
 *
 * @throws FileError as `findResultFiles` does, but not if there are none
 */
export async function readProfiles(paths: readonly string[]): Promise<FoundProfiles> {
  const profiles: ProfileAt[] = [];
  const damaged: { path: string; message: string }[] = [];
  for (const path of await findProfileFiles(paths)) {
    const read = parseProfile(await readPlainText(path, { maximumBytes }).catch(() => ''));
    if ('profile' in read) profiles.push({ path, profile: read.profile });
    else damaged.push({ path, message: read.problem });
  }
  return { profiles, damaged };
}

/** Parses the untrusted text of a profile. Never throws. */
export function parseProfile(text: string): { readonly profile: Profile } | { readonly problem: string } {
  let document: unknown;
  try {
    document = parseBoundedJson(text);
  } catch {
    return { problem: 'not valid JSON, or not readable' };
  }
  if (!isRecord(document)) return { problem: 'not a JSON object' };
  const { profileVersion: version } = document;
  if (Number.isSafeInteger(version) && (version as number) > profileVersion) {
    return { problem: `profileVersion is ${String(version)}; this version of Hearken reads ${profileVersion}` };
  }
  const [problem] = fieldProblems(profileSchema, document);
  return problem === undefined ? { profile: document as unknown as Profile } : { problem: problem.message };
}
