import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { CheckpointError, type ModelSource, modelSourceName, type RuntimeOptions } from '@hearken/core';
import { maximumModelBytes, readOnnxHeader } from '@hearken/onnx';
import { downloadFile } from '@hearken/onnx/web';
import { checkRanges, externalLocations, missingData, type OnnxFile } from './onnx-file.js';

/** How many bytes to hash at once. */
const chunkBytes = 8 * 1024 * 1024;

/**
 * Opens an ONNX file in a web page; see `OnnxFileRuntime.openOnnxFile`. If there are several files, one is the model.
 */
export async function openOnnxFile(source: ModelSource, options: RuntimeOptions = {}): Promise<OnnxFile> {
  const name = modelSourceName(source);
  const { model, others } = await blobsOf(source, name, options);
  if (model.size > maximumModelBytes) {
    throw new CheckpointError({
      asked: name,
      found: `${model.size} bytes, over protobuf's limit of 2 GB`,
      fix: 'save its weights as external data',
    });
  }
  const bytes = new Uint8Array(await model.arrayBuffer());
  const header = readOnnxHeader(bytes, name);
  const locations = externalLocations(name, header.externalRanges);
  const files = new Map<string, Blob>();
  for (const location of locations) {
    // A file input provides names without folders.
    const blob = others.get(location.replace(/^.*\//, ''));
    if (blob === undefined) throw missingData(name, location);
    files.set(location, blob);
  }
  checkRanges(name, header.externalRanges, new Map([...files].map(([location, { size }]) => [location, size])));
  return {
    name,
    bytes,
    header,
    external: { files },
    async sha256() {
      const own = await sha256OfBlob(model);
      if (files.size === 0) return own;
      const lines = [`${own}  ${nameOf(model, name)}\n`];
      for (const [location, blob] of files) lines.push(`${await sha256OfBlob(blob)}  ${location}\n`);
      return bytesToHex(sha256(utf8ToBytes(lines.join(''))));
    },
  };
}

async function blobsOf(source: ModelSource, name: string, options: RuntimeOptions) {
  const others = new Map<string, Blob>();
  if (typeof source === 'string' || source instanceof URL) {
    const url = new URL(source, globalThis.location?.href);
    const { onDownload: onProgress, abortSignal } = options;
    return { model: await downloadFile(url, { onProgress, abortSignal }), others };
  }
  if (source instanceof Blob) return { model: source, others };
  if (source instanceof ArrayBuffer) return { model: new Blob([source]), others };
  if (source instanceof Uint8Array) return { model: new Blob([source as Uint8Array<ArrayBuffer>]), others };
  const models = source.length === 1 ? source : source.filter((file) => /\.onnx$/i.test(file.name));
  if (models.length !== 1) {
    throw new CheckpointError({
      asked: name,
      found: `${models.length} ONNX files among ${source.length}`,
      fix: 'choose one .onnx file, and the files of its external data',
    });
  }
  for (const file of source) if (file !== models[0]) others.set(file.name, file);
  return { model: models[0] as Blob, others };
}

function nameOf(model: Blob, name: string): string {
  return 'name' in model && typeof model.name === 'string' ? model.name : name;
}

async function sha256OfBlob(blob: Blob): Promise<string> {
  const hash = sha256.create();
  for (let offset = 0; offset < blob.size; offset += chunkBytes) {
    hash.update(new Uint8Array(await blob.slice(offset, offset + chunkBytes).arrayBuffer()));
  }
  return bytesToHex(hash.digest());
}
