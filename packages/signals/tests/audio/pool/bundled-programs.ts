import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** The program of the decoding processes, and one that owns such a process, each bundled from the sources into one file. */
export interface BundledPrograms {
  readonly child: URL;
  readonly owner: URL;
  remove(): Promise<void>;
}

export async function bundlePrograms(): Promise<BundledPrograms> {
  const folder = await mkdtemp(join(tmpdir(), 'hearken-pool-'));
  const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  await build({
    entryPoints: {
      child: source('../../../src/audio/pool/decode-child.node.ts'),
      owner: source('owner.ts'),
    },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@hearken/source'],
    external: ['opus-decoder'],
    logLevel: 'error',
  });
  return {
    child: pathToFileURL(join(folder, 'child.mjs')),
    owner: pathToFileURL(join(folder, 'owner.mjs')),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
