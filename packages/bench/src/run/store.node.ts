import { join } from 'node:path';
import type { Artifacts } from '@hearken/artifacts';
import { openArtifacts } from '@hearken/artifacts/node';
import { cacheFolders } from '@hearken/core/node';
import { hashIdentity } from '@hearken/results/internal/node';

/** What the option `--store` is. */
export const storeText =
  'keep embeddings and trainings in this store, such as s3://bucket/prefix, and copies of them in the cache; needs @aws-sdk/client-s3 (default: in the cache)';

/**
 * Opens the store of embeddings and trainings.
 *
 * @param cache root of the cache, where copies of what is elsewhere are kept; default: the user's
 * @param store a folder, or an URL such as `s3://bucket/prefix`; default: a folder in the cache
 * @throws OptionError for an invalid place, FileError for a store that can't be used
 */
export function openStore(cache: string | undefined, store: string | undefined): Promise<Artifacts> {
  const { root, artifacts } = cacheFolders(cache);
  if (store === undefined) return openArtifacts(artifacts);
  // Two stores may have different contents under the same key, such as the store's id.
  return openArtifacts(store, { mirror: join(root, 'mirror', hashIdentity(store).slice(0, 16)) });
}
