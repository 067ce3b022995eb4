import { basename, join } from 'node:path';
import { build } from 'vite';
import { builtOnce } from '../support/built-once.js';
import { root } from '../support/packed-packages.js';

/**
 * Bundles a page from the sources, as an application's build would from the packages.
 *
 * @param source folder of the page, relative to the workspace
 * @returns the folder of the bundle, which must not be changed
 */
export function buildPage(source: string): Promise<string> {
  return builtOnce(basename(source), source, (outDir) =>
    build({
      configFile: false,
      root: join(root, source),
      base: './',
      logLevel: 'error',
      resolve: { conditions: ['@hearken/source', 'browser', 'import', 'default'] },
      worker: { format: 'es' },
      build: { outDir, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 4096 },
    }),
  );
}
