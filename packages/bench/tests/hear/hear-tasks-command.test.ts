import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { fakePlugin } from '../../../../tests/support/fake-run.js';
import { fileServers, serveBytes } from '../../../../tests/support/file-server.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { writeToneTask } from '../../../../tests/support/tone-task.js';

const temporaryFolder = temporaryFolders();
const serve = fileServers();
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

async function hearken(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const text = { out: '', err: '' };
  const stream = (name: 'out' | 'err') =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        text[name] += chunk.toString();
        done();
      },
    });
  return { status: await main(args, { stdout: stream('out'), stderr: stream('err') }), ...text };
}

describe('hearken tasks known', () => {
  it('lists the tasks and which of them are on the disk', async () => {
    const task = await writeToneTask(join(folder, 'tasks', 'any name'), {
      name: 'esc50',
      clips: 1,
      metadata: { version: 'v2.0.0' },
    });
    const { status, out } = await hearken('tasks', 'known', join(folder, 'tasks'), '--json');
    expect(status).toBe(0);
    const entries = JSON.parse(out) as Record<string, unknown>[];
    expect(entries).toHaveLength(20);
    const found = entries.filter((entry) => entry.folder !== null);
    expect(found).toMatchObject([{ task: 'esc50-v2.0.0-full', title: 'ESC-50', category: 'general', folder: task }]);
    const table = (await hearken('tasks', 'known')).out;
    expect((await hearken('tasks', 'list')).out).toBe(table);
    for (const text of ['beehive_states_fold1-v2-full', 'event_onset_50ms_fms', '0.9475', 'on disk'])
      expect(table).toContain(text);
  });
});

describe('hearken tasks get', () => {
  it('downloads by name from a mirror, tells what it does, and fails clearly', async () => {
    const { origin } = await serve((request, response) => {
      if (request.url?.includes('maestro')) response.writeHead(404).end();
      else serveBytes(request, response, gzipSync('archive'));
    });
    const args = ['--out', join(folder, 'tasks'), '--mirror', origin];
    const some = await hearken('tasks', 'get', 'esc50', 'maestro', ...args);
    expect(some.status).toBe(1);
    expect(some.out).toBe(`${join(folder, 'tasks', 'hear2021-esc50-v2.0.0-full-48000.tar.gz')}\n`);
    expect(some.err).toMatch(/no checksum to compare with, sha256 [0-9a-f]{64}/);
    expect(some.err).toContain('HTTP 404');
    const json = await hearken('tasks', 'get', 'esc50', ...args, '--json');
    expect(json.status).toBe(0);
    expect(JSON.parse(json.out)).toMatchObject([{ task: 'esc50-v2.0.0-full', state: 'present' }]);
    expect((await hearken('tasks', 'get', 'maestro', ...args)).status).toBe(2);
    expect((await hearken('tasks', 'get', 'esc5', ...args)).err).toContain("did you mean 'esc50'");
    expect((await hearken('tasks', 'get', 'esc50', '--sample-rate', '8000')).status).toBe(2);
  });
});

describe('hearken heareval embed and predict', () => {
  it('go to embeddings and from there to scores', async () => {
    const cache = ['--cache', join(folder, 'cache')];
    const tasks = join(folder, 'tasks');
    await writeToneTask(join(tasks, 'good'), { clips: 6 });
    await writeToneTask(join(tasks, 'bad'), {
      clips: 2,
      name: 'bad',
      replace: { 'test/1.wav': Buffer.from('no audio') },
    });
    const embed = [
      'heareval',
      'embed',
      '--model',
      fakePlugin,
      '--tasks',
      tasks,
      '--out',
      join(folder, 'embeddings'),
      ...cache,
    ];
    const { status, out, err } = await hearken(...embed);
    expect(status).toBe(1);
    const embedded = join(folder, 'embeddings', 'fake-small', 'tones-v1-full');
    expect(out).toBe(`${embedded}\n`);
    expect(err).toMatch(/bad-v1-full: failed\nError: clip '1.wav'/);

    // Moved, as if it came from another machine.
    await rename(embedded, join(folder, 'moved'));
    const quick = ['--grid', 'faster', '--grid-points', '1', '--threads', '1', ...cache];
    const scored = await hearken('heareval', 'predict', join(folder, 'moved'), ...quick, '--json');
    expect(scored.err).toContain('tones-v1-full: top1_acc');
    expect(scored.status).toBe(0);
    const [entry] = JSON.parse(scored.out) as Record<string, unknown>[];
    expect(entry).toMatchObject({ task: 'tones-v1-full', metric: 'top1_acc', std: null, warnings: [] });
    expect(await readdir(join(folder, 'moved'))).toContain('test.predicted-scores.json');
    expect((await hearken('heareval', 'predict', tasks, ...quick)).status).toBe(2);
    expect((await hearken('heareval', 'predict', join(folder, 'nowhere'), ...quick)).err).toContain(
      'no task_metadata.json',
    );
  });
});
