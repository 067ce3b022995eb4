import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const script = fileURLToPath(new URL('../../../scripts/docs.mjs', import.meta.url));

/** The site as built by `npm run docs`, next to an older version that was there before. */
export interface BuiltSite {
  /** Folder of all versions. */
  readonly folder: string;
  /** Folder of the newest one. */
  readonly latest: string;
  remove(): Promise<void>;
}

/** @throws the output of the build if anything is wrong: every warning is an error */
export async function buildSite(): Promise<BuiltSite> {
  const folder = await mkdtemp(join(tmpdir(), 'hearken-docs-'));
  await mkdir(join(folder, '0.0'));
  await writeFile(
    join(folder, '0.0', 'index.html'),
    '<!doctype html><link rel="icon" href="data:,"><title>Old</title>',
  );
  await promisify(execFile)(process.execPath, [script, '--out', folder], { maxBuffer: 2 ** 26 }).catch(
    (error: Error & { readonly stderr?: string }) => {
      throw new Error(`the site cannot be built:\n${error.stderr ?? error.message}`);
    },
  );
  return { folder, latest: join(folder, 'latest'), remove: () => rm(folder, { recursive: true, force: true }) };
}
