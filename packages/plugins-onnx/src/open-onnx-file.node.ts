import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CheckpointError, type ModelSource, modelSourceName, OptionError } from '@hearken/core';
import { bytesSha256 } from '@hearken/core/node';
import type { OnnxExternalRange } from '@hearken/onnx';
import { guardOf, openFileSource, WatchedFile } from '@hearken/onnx/node';
import { checkRanges, externalLocations, missingData, type OnnxFile } from './onnx-file.js';
import { hashOnce, readOnce } from './read-once.node.js';

/** Opens an ONNX file on disk; see `OnnxFileRuntime.openOnnxFile`. */
export async function openOnnxFile(source: ModelSource): Promise<OnnxFile> {
  const name = pathOf(source);
  const file = await openFileSource(name);
  await file.close();
  const path = await realpath(file.path);
  const { bytes, header, sha256 } = await readOnce(path, name);
  const folder = dirname(path);
  const data = await openExternal(name, folder, header.externalRanges);
  return {
    name,
    bytes,
    header,
    external: { folder, guard: guardOf(data.map(({ watched }) => watched)) },
    async sha256() {
      const own = await sha256();
      if (data.length === 0) return own;
      const lines = [`${own}  ${relative(folder, path)}\n`];
      for (const { location, watched } of data) lines.push(`${await hashOnce(watched)}  ${location}\n`);
      return bytesSha256(lines.join(''));
    },
  };
}

async function openExternal(name: string, folder: string, ranges: readonly OnnxExternalRange[]) {
  const found: { location: string; watched: WatchedFile }[] = [];
  const sizes = new Map<string, number>();
  for (const location of externalLocations(name, ranges)) {
    const path = await realpath(join(folder, location)).catch((cause: unknown) => {
      throw missingData(name, location, cause);
    });
    const inside = relative(folder, path);
    if (isAbsolute(inside) || inside.split(sep)[0] === '..') {
      throw new CheckpointError({
        asked: name,
        found: `its external data '${location}' a link to a file outside its folder`,
        fix: 'put the file itself next to the ONNX file',
      });
    }
    const source = await openFileSource(path);
    sizes.set(location, source.size);
    try {
      found.push({ location, watched: new WatchedFile(path, path, await source.state()) });
    } finally {
      await source.close();
    }
  }
  checkRanges(name, ranges, sizes);
  return found;
}

function pathOf(source: ModelSource): string {
  if (typeof source === 'string') return source;
  if (source instanceof URL && source.protocol === 'file:') return fileURLToPath(source);
  throw new OptionError({
    asked: `the ONNX model ${modelSourceName(source)}`,
    found: source instanceof URL ? 'a URL' : 'contents in memory',
    fix: 'on Node.js, pass the path of a file',
  });
}
