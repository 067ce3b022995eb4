import type { RuntimeOptions } from '@hearken/core';
import type { ModelFiles } from '../checkpoint/model-files.js';
import type { MatrixSource } from '../graph/weights.js';
import { createWebSession } from '../session/web-session.js';
import type { SessionFactory } from '../session/session.js';
import { startSha256 } from '../storage/sha256.web.js';
import {
  deleteStoredFile,
  openStoredWriter,
  readNote,
  storageFolder,
  type StoredWriter,
  writeNote,
} from '../storage/stored-files.web.js';
import { buildInPrecision } from './build-in-precision.js';
import { exactByteType } from './exact-byte-type.js';
import type { BuiltInPrecision, Precision } from './precision.js';
import { quantizedData } from './quantized-data.js';
import { type ByteType, locatedEntries, quantizedLayout, type QuantizedLayout } from './quantized-layout.js';

/** For this browser. */
let byteType: Promise<ByteType> | undefined;

/** Implements `Runtime.buildInPrecision`. Quantised weights are kept in the browser's storage if available. */
export function buildInWebPrecision<Built extends { readonly graph: Uint8Array }>(
  files: ModelFiles,
  precision: Precision,
  build: (matrices: MatrixSource) => Built,
  options: RuntimeOptions = {},
): Promise<BuiltInPrecision<Built>> {
  return buildInPrecision(files, precision, build, async (matrices) => {
    const type = await (byteType ??= exactByteType(wasmSession(options)));
    const checkpointSha256 = await files.sha256();
    const layout = quantizedLayout(matrices, checkpointSha256, type);
    const location = `${checkpointSha256.slice(0, 24)}.${type}`;
    const pieces = () => quantizedData(files, matrices, layout, type);
    const file = (await stored(location, layout, files.name, pieces)) ?? (await inMemory(layout, pieces));
    return { external: { files: new Map([[location, file]]) }, location, entries: locatedEntries(layout, location) };
  });
}

/**
 * WebAssembly computes 8-bit products, whatever runs the rest. It starts here, so it gets the threads of later
 * sessions.
 */
function wasmSession({ threads }: RuntimeOptions): SessionFactory {
  return (model, options) => createWebSession(model, { ...options, threads, executionProvider: 'wasm' });
}

/** The file of an earlier call, or a new one; undefined if nothing can be stored. */
async function stored(
  key: string,
  layout: QuantizedLayout,
  source: string,
  pieces: () => AsyncIterable<Uint8Array>,
): Promise<Blob | undefined> {
  const folder = await storageFolder();
  if (folder === undefined) return undefined;
  const handle = await folder.getFileHandle(key, { create: true });
  const note = await readNote(folder, key);
  if (note !== undefined && note.sha256 !== null) {
    const file = await handle.getFile();
    const header = new Uint8Array(await file.slice(0, layout.dataOffset).arrayBuffer());
    if (file.size === layout.size && layout.checksumIn(header) !== undefined) return file;
  }
  let writer: StoredWriter | undefined;
  try {
    writer = await openStoredWriter(handle);
    if (writer === undefined) return undefined;
    const hash = startSha256();
    let position = layout.dataOffset;
    for await (const bytes of pieces()) {
      hash.update(bytes);
      writer.write(bytes, position);
      position += bytes.length;
    }
    const sha256 = hash.end();
    writer.write(layout.header(sha256), 0);
    writer.truncate(layout.size);
    writer.close();
    writer = undefined;
    await writeNote(folder, key, { source: `${source}, in 8 bits`, sha256 });
    return await handle.getFile();
  } catch (cause) {
    writer?.close();
    await deleteStoredFile(key);
    // No space, or another tab is writing it: keep it in memory.
    if (cause instanceof Error && 'code' in cause && cause.code === 'FILE') return undefined;
    throw cause;
  }
}

async function inMemory(layout: QuantizedLayout, pieces: () => AsyncIterable<Uint8Array>): Promise<Blob> {
  const hash = startSha256();
  const parts: Blob[] = [];
  for await (const bytes of pieces()) {
    hash.update(bytes);
    // One blob per piece: browsers keep large ones out of memory.
    parts.push(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  }
  return new Blob([layout.header(hash.end()) as Uint8Array<ArrayBuffer>, ...parts]);
}
