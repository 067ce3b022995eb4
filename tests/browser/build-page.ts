import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Bundles a page from the sources, as an application's own build would from the packages. */
export async function buildPage(name: string): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), `hearken-${basename(name)}-`));
  await build({
    configFile: false,
    root: fileURLToPath(new URL(name, import.meta.url)),
    base: './',
    logLevel: 'error',
    resolve: { conditions: ['@hearken/source', 'browser', 'import', 'default'] },
    worker: { format: 'es' },
    build: { outDir: folder, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 4096 },
  });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
