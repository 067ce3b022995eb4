import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Files } from '../mutate/files.js';

/** Writes an input into a folder. */
export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) {
    const path = resolve(join(folder, name));
    if (!path.startsWith(folder + sep)) throw new Error(`the input's file '${name}' is outside its folder`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}
