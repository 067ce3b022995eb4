import { join } from 'node:path';
import type { ModelFile } from '@hearken/core';
import { fileSha256 } from '@hearken/core/node';
import { type PulledFile, sizeOf } from './pulled-record.node.js';

/** The existing files of a model. */
export interface PresentFiles {
  /** Existing files whose SHA-256 is the published or recorded one. */
  readonly present: readonly PulledFile[];
  readonly missing: readonly ModelFile[];
}

/**
 * Hashes the existing files of a model.
 *
 * @param recorded what is recorded of them
 * @param onFile called before a file is hashed, and for a file with the wrong hash
 */
export async function findPresentFiles(
  folder: string,
  files: readonly ModelFile[],
  recorded: readonly PulledFile[],
  onFile?: (event: { readonly kind: 'check' | 'damaged'; readonly file: string }) => void,
): Promise<PresentFiles> {
  const present: PulledFile[] = [];
  const missing: ModelFile[] = [];
  for (const file of files) {
    const record = recorded.find(({ name }) => name === file.name);
    const expected = file.sha256?.toLowerCase() ?? record?.sha256;
    const path = join(folder, file.name);
    const bytes = await sizeOf(path);
    // A file without a known hash may be anything.
    if (bytes === undefined || expected === undefined) {
      missing.push(file);
      continue;
    }
    onFile?.({ kind: 'check', file: file.name });
    const sha256 = await fileSha256(path);
    if (sha256 === expected) {
      present.push(
        record?.sha256 === sha256
          ? record
          : { name: file.name, url: file.url, bytes, sha256, verified: 'sha256', verifiedBy: 'published' },
      );
    } else {
      onFile?.({ kind: 'damaged', file: file.name });
      missing.push(file);
    }
  }
  return { present, missing };
}
