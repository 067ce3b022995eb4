import { fileURLToPath } from 'node:url';

/** Path of a module of `fixtures/extensions`. */
export function extensionPath(name: string): string {
  return fileURLToPath(new URL(`../fixtures/extensions/${name}.mjs`, import.meta.url));
}
