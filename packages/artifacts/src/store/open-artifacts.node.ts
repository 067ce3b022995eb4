import { join } from 'node:path';
import { OptionError } from '@hearken/core';
import { userCacheFolder } from '@hearken/core/node';
import type { Artifacts } from './artifacts.js';
import { FileArtifacts } from './file-artifacts.node.js';

/** How a store is opened. */
export interface OpenOptions {
  /** The folder for copies of what is elsewhere; default: `mirror` in the user's cache folder. A folder needs none. */
  readonly mirror?: string;
  /** Bytes of copies that are kept; default: 50 GB. */
  readonly mirrorBytes?: number;
}

/**
 * Opens the artifacts of a place.
 *
 * @param location path of a folder, or an URL such as `s3://bucket/prefix?endpoint=http://127.0.0.1:9000`
 * @throws OptionError for anything else, or if `@aws-sdk/client-s3` is needed and not installed; FileError if a store
 *   can't be used
 */
export async function openArtifacts(location: string, { mirror, mirrorBytes }: OpenOptions = {}): Promise<Artifacts> {
  if (location.startsWith('s3://')) {
    const { S3Artifacts } = await import('../s3/s3-artifacts.node.js');
    return S3Artifacts.open(location, { mirror: mirror ?? join(userCacheFolder(), 'mirror'), mirrorBytes });
  }
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(location)?.[1];
  if (scheme === undefined && location !== '') return new FileArtifacts(location);
  throw new OptionError({
    asked: 'a store of artifacts',
    found: scheme === undefined ? 'an empty path' : `an URL that begins with ${scheme}://`,
    fix: 'pass the path of a folder, or an URL such as s3://bucket/prefix',
  });
}
