import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ChildProgram, JobChild } from '../../src/child/child-process.node.js';
import type { ChildSettings } from '../../src/child/messages.js';

const built = new URL('../../dist/child/main.node.js', import.meta.url);
const hooks = [
  '--conditions=@hearken/source',
  '--import',
  new URL('../../../../scripts/typescript-sources.mjs', import.meta.url).href,
];

/** Whether `npm test` or `npm run build` has built the package: its processes start in a fraction of the time. */
export const isBuilt = existsSync(fileURLToPath(built));

const program: ChildProgram = {
  url: isBuilt ? built : new URL('../../src/child/main.node.ts', import.meta.url),
  execArgv: isBuilt ? [] : hooks,
};

/** Does jobs in child processes. */
export function childRunner(settings: ChildSettings): JobChild {
  return new JobChild(settings, program);
}
