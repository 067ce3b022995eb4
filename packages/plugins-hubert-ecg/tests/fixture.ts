import { fileURLToPath } from 'node:url';

/** Path of the portable fixtures' folder, or of a file in it. */
export function fixture(name = ''): string {
  return fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
}
