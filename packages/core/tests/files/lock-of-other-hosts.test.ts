import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withFileLock } from '../../src/files/file-lock.node.js';
import type { LockHolder } from '../../src/files/lock-holder.node.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

// Each host is a process that calls itself by another name.
const program = `
import { existsSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { withFileLock } from './lock.mjs';
const [host, path, log, goOn, timing] = process.argv.slice(2);
const hold = async () => {
  await appendFile(log, host + ' in\\n');
  while (goOn !== '' && !existsSync(goOn)) await wait(20);
  await appendFile(log, host + ' out\\n');
};
// Time passes when the test says so.
let now = 0;
process.on('message', (milliseconds) => (now += milliseconds));
const onWait = () => process.send('waiting');
await withFileLock(path, hold, { host, timing: JSON.parse(timing), onWait, clock: () => now });
process.disconnect();
`;

const temporaryFolder = temporaryFolders();
let folder: string;
let path: string;
let log: string;

let lockModule: Uint8Array;
beforeAll(async () => {
  const entry = fileURLToPath(new URL('../../src/files/file-lock.node.ts', import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    // Loaded only to run a model.
    external: ['onnxruntime-node'],
    format: 'esm',
    conditions: ['@hearken/source'],
    write: false,
  });
  lockModule = outputFiles[0].contents;
});

beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, 'shared', 'lock');
  log = join(folder, 'log');
  await writeFile(log, '');
  await writeFile(join(folder, 'lock.mjs'), lockModule);
  await writeFile(join(folder, 'host.mjs'), program);
});

/** @param goOn a file until whose coming it holds the lock; '' for no wait */
function startHost(name: string, goOn: string, timing: Record<string, number>): ChildProcess {
  const args = [join(folder, 'host.mjs'), name, path, log, goOn, JSON.stringify(timing)];
  return spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

async function logged(text: string): Promise<void> {
  await expect.poll(() => readFile(log, 'utf8')).toContain(text);
}

describe('the lock of another host', () => {
  it('is waited for as long as its holder touches it', async () => {
    const goOn = join(folder, 'go on');
    const child = startHost('node-a', goOn, { heartbeat: 50 });
    await logged('node-a in');
    const met: LockHolder[] = [];
    const touched = new Set<number>();
    const waiting = withFileLock(path, () => readFile(log, 'utf8'), {
      host: 'node-b',
      timing: { stale: 1500, poll: 20 },
      onWait: (holder) => met.push(holder),
      // A second passes from touch to touch, however busy the machine is.
      clock: () => 1000 * touched.add(statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0).size,
    });
    await expect.poll(() => touched.size).toBeGreaterThan(5);
    await writeFile(goOn, '');
    const seen = await waiting;
    expect(seen).toContain('node-a out');
    expect(met).toMatchObject([{ process: child.pid, host: 'node-a' }]);
  });

  it('is refused once it was seen to be touched, where nobody wants to wait', async () => {
    const child = startHost('node-a', 'never', { heartbeat: 50 });
    await logged('node-a in');
    const refused = withFileLock(path, () => Promise.resolve(), { host: 'node-b', timing: { poll: 20 } });
    await expect(refused).rejects.toThrow(`process ${child.pid} on node-a`);
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  it('is taken over by one of many when its holder is gone, though its clock was ahead', async () => {
    const dead = startHost('node-a', 'never', {});
    await logged('node-a in');
    dead.kill('SIGKILL');
    await once(dead, 'exit');
    await utimes(path, 4e9, 4e9);
    const hosts = ['node-b', 'node-c', 'node-d', 'node-e'].map((name) => startHost(name, '', { stale: 600, poll: 4 }));
    const ends = hosts.map((child) => once(child, 'exit'));
    await Promise.all(hosts.map((child) => once(child, 'message')));
    for (const child of hosts) child.send(700);
    await Promise.all(ends);
    const lines = (await readFile(log, 'utf8')).trim().split('\n').slice(1);
    expect(lines).toHaveLength(8);
    for (let index = 0; index < lines.length; index += 2) {
      expect(lines[index + 1]).toBe(lines[index].replace(' in', ' out'));
    }
    expect(await readdir(join(path, '..'))).toEqual([]);
  });

  it('is taken over though another process died over doing so', async () => {
    await withFileLock(path, () => Promise.resolve());
    await writeFile(path, '1 node-a');
    await withFileLock(`${path}.takeover/left`, () => Promise.resolve());
    const timing = { stale: 100, takeover: 100, poll: 5 };
    expect(await withFileLock(path, () => Promise.resolve('done'), { host: 'node-b', timing })).toBe('done');
  });
});
