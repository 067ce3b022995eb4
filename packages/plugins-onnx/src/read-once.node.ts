import { stat } from 'node:fs/promises';
import { CheckpointError } from '@hearken/core';
import { bytesSha256 } from '@hearken/core/node';
import { maximumModelBytes, type OnnxHeader, readOnnxHeader } from '@hearken/onnx';
import { type FileState, openFileSource, WatchedFile } from '@hearken/onnx/node';

/** An ONNX file as read, without its external data. */
export interface ReadFile {
  readonly bytes: Uint8Array;
  readonly header: OnnxHeader;
  /** SHA-256 in hexadecimal. */
  readonly sha256: () => Promise<string>;
}

/** How many ms a file stays in memory after reading: a command opens its model several times. */
const keptFor = 5000;

/** A file that changed within this many ms may change again without new times. */
const settlesIn = 2000;

const mostHashes = 256;

let last: { readonly state: string; readonly file: WeakRef<ReadFile>; timer?: NodeJS.Timeout } | undefined;
const hashes = new Map<string, string>();

/** The state of a file, which changes with its contents; undefined for a file that was just written. */
function keyOf(path: string, { dev, ino, size, mtimeNs, ctimeNs }: FileState): string | undefined {
  if (Date.now() - Number(ctimeNs / 1_000_000n) < settlesIn) return undefined;
  return [path, dev, ino, size, mtimeNs, ctimeNs].join('\n');
}

/**
 * Reads an ONNX file and its header; a file that has not changed since it was last read is neither read nor hashed
 * again.
 *
 * @param name the file's name in errors
 * @throws CheckpointError for a file that can't be read, is over 2 GB, or is not an ONNX model
 */
export async function readOnce(path: string, name: string): Promise<ReadFile> {
  const state = await stat(path, { bigint: true }).then(
    (now) => keyOf(path, now),
    () => undefined,
  );
  const known = state === undefined || state !== last?.state ? undefined : last.file.deref();
  const read = known === undefined ? await readNow(path, name) : { state, file: known };
  if (read.state !== undefined) keep(read.state, read.file);
  return read.file;
}

/**
 * SHA-256 of a file in hexadecimal, read as a stream if it was not hashed before.
 *
 * @throws CheckpointError if it is no longer the file that was opened
 */
export async function hashOnce(file: WatchedFile): Promise<string> {
  await file.checkSame();
  return remembered(keyOf(file.path, file.state), () => file.sha256());
}

/** Reads it, with the key of the opened file: another file may have its name by now. */
async function readNow(path: string, name: string): Promise<{ state: string | undefined; file: ReadFile }> {
  const source = await openFileSource(path);
  let bytes: Uint8Array;
  let state: string | undefined;
  try {
    if (source.size > maximumModelBytes) {
      throw new CheckpointError({
        asked: name,
        found: `${source.size} bytes, over protobuf's limit of 2 GB`,
        fix: 'save its weights as external data',
      });
    }
    const watched = new WatchedFile(name, path, await source.state());
    bytes = await source.read(0, source.size);
    await watched.checkSame();
    state = keyOf(path, watched.state);
  } finally {
    await source.close();
  }
  const header = readOnnxHeader(bytes, name);
  let hash: Promise<string> | undefined;
  const sha256 = () => (hash ??= remembered(state, () => Promise.resolve(bytesSha256(bytes))));
  return { state, file: { bytes, header, sha256 } };
}

function keep(state: string, file: ReadFile): void {
  clearTimeout(last?.timer);
  // The timer's closure keeps it alive; after that, only its users do.
  const timer = setTimeout(() => void file.bytes, keptFor).unref();
  last = { state, file: new WeakRef(file), timer };
}

async function remembered(state: string | undefined, hash: () => Promise<string>): Promise<string> {
  const found = state === undefined ? undefined : hashes.get(state);
  if (found !== undefined) return found;
  const value = await hash();
  if (hashes.size >= mostHashes) hashes.clear();
  if (state !== undefined) hashes.set(state, value);
  return value;
}
