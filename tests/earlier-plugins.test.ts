// Plugins made and packed by an earlier create-hearken-plugin: what they rely on must keep working.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { extract } from 'tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeMiniTasks } from '../packages/tasks/src/mini/make-mini-tasks.node.js';
import { runCleanly } from './support/clean-process.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const kept = join(root, 'tests/fixtures/plugins-of-0.1.0');
const command = join(root, 'packages/bench/bin/hearken.js');
const isBuilt = existsSync(join(root, 'packages/bench/dist/cli/shell.node.js'));

let folder: string;
let task: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearken-earlier-'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  [task] = await makeMiniTasks(join(folder, 'tasks'), { tasks: ['scenes'] });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function hearken(...args: string[]) {
  const env = { HEARKEN_CACHE: join(folder, 'cache') };
  return runCleanly(process.execPath, [command, ...args], { cwd: folder, env });
}

describe.skipIf(!isBuilt).each([
  ['kept-numbers', []],
  ['kept-layers', ['--checkpoint', join(kept, 'kept-layers.safetensors')]],
])('the plugin %s of version 0.1.0', (name, checkpoint) => {
  it('still validates and scores', async () => {
    const place = join(folder, name);
    await mkdir(place);
    await extract({ file: join(kept, `hearken-plugin-${name}-0.1.0.tgz`), cwd: place, strip: 1 });
    const validated = await hearken('validate', place, ...checkpoint, '--json');
    expect(validated, validated.stderr).toMatchObject({ status: 0 });
    const quick = ['--probe', 'linear', '--grid', 'faster', '--grid-points', '1', '--json'];
    const scored = await hearken(
      'run',
      '--model',
      place,
      ...checkpoint,
      '--tasks',
      task,
      '--out',
      name + '-out',
      ...quick,
    );
    expect(scored, scored.stderr).toMatchObject({ status: 0 });
    const [{ score }] = JSON.parse(scored.stdout) as { score: number }[];
    expect(score).toBeGreaterThan(0.2);
  });
});
