import { join } from 'node:path';
import type { TensorEntry } from '../checkpoint/checkpoint.js';
import { openFileSource } from '../checkpoint/file-source.node.js';
import type { ModelFiles } from '../checkpoint/model-files.node.js';
import { type MatrixSource, storedMatrices } from '../graph/weights.js';
import { inlineTensors } from './inline-tensors.js';
import { quantizedMatrices, recordedMatrices } from './matrix-source.js';
import type { Precision } from './precision.js';
import { exactByteType } from './exact-byte-type.node.js';
import { openQuantizedFile } from './quantized-file.node.js';
import type { ByteType } from './quantized-layout.js';

/** A serialised graph, and the folder that its external tensors lie in: a session's `externalFolder`. */
export type BuiltInPrecision<Built> = Built & { readonly graph: Uint8Array; readonly externalFolder: string };

/**
 * Builds a model's graph in the precision that was asked for.
 *
 * In `int8`, the matrices that `build` asks its `MatrixSource` for are quantised (weights once, by output, into a file
 * that later calls find; inputs by token, when the graph runs), and all other weights go into the graph as they are. The
 * checkpoint is then not needed any more, and only a quarter of it is on disk and in memory. `build` is called twice.
 *
 * @param build adds the matrices of linear layers through the given source, as `linearWeights`, `vitEncoderLayer` and
 * the encoders do, and returns the serialised graph with whatever else it knows
 * @param byteType how quantised weights are stored; default: as this machine multiplies them best. Results are the same
 * @throws what `build` throws; CheckpointError for weights that are not finite, FileError where there is no folder to
 * write to
 */
export async function buildInPrecision<Built extends { readonly graph: Uint8Array }>(
  files: ModelFiles,
  precision: Precision,
  build: (matrices: MatrixSource) => Built,
  byteType?: ByteType,
): Promise<BuiltInPrecision<Built>> {
  if (precision === 'fp32') return { ...build(storedMatrices), externalFolder: files.folder };
  const matrices = new Map<string, TensorEntry>();
  build(recordedMatrices(matrices));
  const { folder, entries, location } = await openQuantizedFile(
    files,
    [...matrices.values()],
    byteType ?? (await exactByteType()),
  );
  const built = build(quantizedMatrices(entries));
  const graph = await inlineTensors(built.graph, location, async ({ location, offset, byteLength }) => {
    const source = await openFileSource(join(files.folder, location));
    try {
      return await source.read(offset, byteLength);
    } finally {
      await source.close();
    }
  });
  return { ...built, graph, externalFolder: folder };
}
