import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './pages.js';

/**
 * What a reader has in addition to Hearken's packages: the tools with which the guides' plugins are built and tested,
 * and what guides install besides.
 */
const tools = {
  typescript: ['tsc'],
  vitest: ['vitest'],
  '@vitest/browser-playwright': [],
  playwright: [],
  '@bull-board/api': [],
  '@bull-board/hono': [],
  '@hono/node-server': [],
  hono: [],
  '@types/node': [],
};

/** Makes the workspace's tools available in a project outside of it. */
export async function linkTools(project: string): Promise<void> {
  for (const [name, binaries] of Object.entries(tools)) {
    await link(join(root, 'node_modules', name), join(project, 'node_modules', name));
    for (const binary of binaries) {
      await link(join(root, 'node_modules/.bin', binary), join(project, 'node_modules/.bin', binary));
    }
  }
  await mkdir(join(project, 'home'), { recursive: true });
}

async function link(target: string, path: string): Promise<void> {
  if (existsSync(path)) return;
  await mkdir(join(path, '..'), { recursive: true });
  await symlink(target, path);
}
