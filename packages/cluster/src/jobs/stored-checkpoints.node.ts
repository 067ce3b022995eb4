import { stat } from 'node:fs/promises';
import type { Artifacts } from '@hearken/artifacts';
import type { BlobCache } from '@hearken/artifacts/node';
import type { CampaignModel } from '@hearken/campaigns';
import { fileSha256, readPlainFile } from '@hearken/core/node';
import type { JobScope } from './job-data.js';

/** A larger one has to be in a folder that all machines share: it is stored from memory, in one piece. */
const mostBytes = 2 ** 31 - 1;

function checkpointKey(sha256: string): string {
  return `checkpoints/${sha256}`;
}

/**
 * Stores the checkpoints of a campaign's models, for machines that do not have these files. Folders and what is larger
 * than 2 GiB are not stored.
 *
 * @returns the SHA-256 of those that were stored, by path
 * @throws FileError if a checkpoint cannot be read or stored
 */
export async function storeCheckpoints(
  models: readonly CampaignModel[],
  artifacts: Artifacts,
): Promise<ReadonlyMap<string, string>> {
  const stored = new Map<string, string>();
  for (const { checkpoint } of models) {
    if (checkpoint === undefined || stored.has(checkpoint)) continue;
    const status = await stat(checkpoint).catch(() => undefined);
    if (status?.isFile() !== true || status.size > mostBytes) continue;
    const sha256 = await fileSha256(checkpoint);
    const key = checkpointKey(sha256);
    if (!(await artifacts.has(key))) {
      await artifacts.write(key, await readPlainFile(checkpoint, { maximumBytes: mostBytes }));
    }
    stored.set(checkpoint, sha256);
  }
  return stored;
}

/**
 * Where a model's checkpoint is on this machine: at its path, or fetched from the store, once for all processes.
 *
 * @returns undefined if the model has none
 * @throws FileError if it is in the store, and cannot be fetched
 */
export async function localPath(
  { checkpoint, checkpointSha256 }: JobScope['model'],
  artifacts: Artifacts,
  checkpoints: BlobCache,
): Promise<string | undefined> {
  if (checkpoint === undefined || checkpointSha256 === undefined) return checkpoint;
  const isHere = await stat(checkpoint).then(Boolean, () => false);
  // Whoever loads it compares it with the model that was described.
  return isHere ? checkpoint : checkpoints.blob(checkpointSha256, { artifacts, key: checkpointKey(checkpointSha256) });
}
