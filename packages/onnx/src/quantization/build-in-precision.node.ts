import type { MatrixSource } from '../graph/weights.js';
import type { NodeModelFiles } from '../checkpoint/model-files.node.js';
import { createNodeSession } from '../session/node-session.js';
import { buildInPrecision } from './build-in-precision.js';
import { exactByteType } from './exact-byte-type.js';
import type { BuiltInPrecision, Precision } from './precision.js';
import { openQuantizedFile } from './quantized-file.node.js';
import type { ByteType } from './quantized-layout.js';

/**
 * Implements `Runtime.buildInPrecision`. Quantised weights are stored in a file next to the checkpoint, a quarter of
 * its size on disk and in memory.
 *
 * @param byteType how quantised weights are stored; default: what this machine multiplies best. Results are the same
 */
export function buildInNodePrecision<Built extends { readonly graph: Uint8Array }>(
  files: NodeModelFiles,
  precision: Precision,
  build: (matrices: MatrixSource) => Built,
  byteType?: ByteType,
): Promise<BuiltInPrecision<Built>> {
  return buildInPrecision(files, precision, build, async (matrices) => {
    const type = byteType ?? (await exactByteType(createNodeSession));
    const { folder, location, entries, guard } = await openQuantizedFile(files, matrices, type);
    return { external: { folder, guard }, location, entries };
  });
}
