import { stat } from 'node:fs/promises';
import { fileSha256 } from '@hearken/core/node';
import type { Finding } from './finding.js';

const name = 'the provenance has the SHA-256 of the checkpoint file';

/**
 * Whether the hash in results is the hash of the checkpoint file; undefined if there is no single file: a folder, or an
 * ONNX file, whose weights may be in other files.
 *
 * @param told the hash in the provenance
 */
export async function checkpointFinding(
  checkpoint: string | undefined,
  told: string | null,
): Promise<Finding | undefined> {
  if (checkpoint === undefined || checkpoint.toLowerCase().endsWith('.onnx')) return undefined;
  const isFile = await stat(checkpoint).then(
    (status) => status.isFile(),
    () => false,
  );
  if (!isFile) return undefined;
  const sha256 = await fileSha256(checkpoint);
  const why = 'to reproduce a result, people look for a file with this hash, and would find another one';
  if (told === sha256) return { name, kind: 'advice', why, passed: true };
  return {
    name,
    kind: 'advice',
    why,
    passed: false,
    expected: `provenance.checkpointSha256 ${sha256}`,
    found: told ?? 'null, as for a model without weights',
    fix: 'hash the whole file that was loaded, not a part of it or its name',
  };
}
