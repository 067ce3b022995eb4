import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Guide, readGuide } from './read-guide.js';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The guides of `docs/guides`, by name. */
export function readGuides(): Guide[] {
  const folder = join(root, 'docs/guides');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map((file) => readGuide(basename(file, '.md'), readFileSync(join(folder, file), 'utf8')));
}

/** The README of the repository and those of the packages, by folder name. */
export function readReadmes(): Guide[] {
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);
  return ['', ...packages].flatMap((folder) => {
    const file = join(root, folder, 'README.md');
    try {
      return [readGuide(join(folder, 'README'), readFileSync(file, 'utf8'))];
    } catch {
      return [];
    }
  });
}
