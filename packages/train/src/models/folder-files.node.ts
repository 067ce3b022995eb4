import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { CheckpointError } from '@hearken/core';
import { openFileSource } from '@hearken/onnx/node';
import type { OpenExternal } from './initializer-values.js';

/**
 * Opens files that a model names, in its folder only.
 *
 * @throws CheckpointError for a path that leads out of the folder, by itself or by a link, and for a missing file
 */
export function filesOf(folder: string): OpenExternal {
  return async (location) => {
    const refuse = (found: string, cause?: unknown) =>
      new CheckpointError({
        asked: `external data ${JSON.stringify(location).slice(0, 120)}`,
        found,
        fix: 'put that file itself next to the ONNX file, and name it by a path inside the folder',
        cause,
      });
    if (location === '' || location.length > 1024 || /^[\\/]|^[a-z]:|[\\\0]|(?:^|\/)\.\.(?:\/|$)/i.test(location)) {
      throw refuse('not a path inside the folder of the model');
    }
    const root = await realpath(folder);
    const path = await realpath(join(root, location)).catch((cause: unknown) => {
      throw refuse('no such file', cause);
    });
    const inside = relative(root, path);
    if (isAbsolute(inside) || inside.split(sep)[0] === '..') throw refuse('a link to a file outside the folder');
    return openFileSource(path);
  };
}
