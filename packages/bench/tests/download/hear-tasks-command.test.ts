import { readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { bestHear2021Score } from '@hearken/results/internal';
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

describe('hearken tasks list', () => {
  it("lists HEAR's tasks, and which of them are on the disk", async () => {
    const task = await writeToneTask(join(folder, 'tasks', 'any name'), {
      name: 'esc50',
      clips: 1,
      metadata: { version: 'v2.0.0' },
    });
    const { status, out } = await hearken('tasks', 'list', join(folder, 'tasks'), '--known', '--json');
    expect(status).toBe(0);
    const entries = JSON.parse(out) as Record<string, unknown>[];
    expect(entries).toHaveLength(20);
    const found = entries.filter((entry) => entry.folder !== null);
    expect(found).toMatchObject([{ task: 'esc50-v2.0.0-full', title: 'ESC-50', category: 'general', folder: task }]);
    const table = (await hearken('tasks', 'list')).out;
    for (const text of ['beehive_states_fold1-v2-full', 'event_onset_50ms_fms', '0.9475', 'on disk'])
      expect(table).toContain(text);
  });

  it("says of each task what is known of it: of HEAR's that are not there, what is published", async () => {
    const tones = await writeToneTask(join(folder, 'tones'), { clips: 2 });
    const { status, out } = await hearken('tasks', 'list', folder, '--known', '--json');
    expect(status).toBe(0);
    const entries = JSON.parse(out) as Record<string, unknown>[];
    expect(entries).toHaveLength(21);
    expect(entries[0]).toEqual({
      task: 'tones-v1-full',
      title: null,
      category: null,
      modality: 'audio',
      embedding: 'scene',
      prediction: 'multiclass',
      split: 'trainvaltest',
      folds: 1,
      labels: 2,
      clips: 6,
      sampleRates: [8000],
      metric: 'top1_acc',
      metrics: ['top1_acc'],
      bestHear2021: null,
      bestModel: null,
      folder: tones,
      archive: null,
    });
    expect(entries.find(({ task }) => task === 'esc50-v2.0.0-full')).toEqual({
      task: 'esc50-v2.0.0-full',
      title: 'ESC-50',
      category: 'general',
      modality: 'audio',
      embedding: 'scene',
      prediction: 'multiclass',
      split: 'presplit_kfold',
      folds: 5,
      labels: 50,
      clips: 2000,
      sampleRates: null,
      metric: 'top1_acc',
      metrics: null,
      bestHear2021: bestHear2021Score('ESC-50').score,
      bestModel: bestHear2021Score('ESC-50').model,
      folder: null,
      archive: null,
    });
  });

  it('marks tasks whose archive was downloaded', async () => {
    await writeToneTask(join(folder, 'tones'), { clips: 2 });
    const archive = join(folder, 'hear2021-esc50-v2.0.0-full-48000.tar.gz');
    await writeFile(archive, 'not read');
    await writeFile(join(folder, 'hear-2021.0.6-maestro-v3.0.0-5h-16000.tar.gz'), 'not read');
    await writeFile(join(folder, 'hear2021-fsd50k-v1.0-full-48000.tar.gz.part'), 'not whole');
    await writeFile(join(folder, 'mine-fsd50k-v1.0-full-48000.tar.gz'), 'of something else');
    const { out } = await hearken('tasks', 'list', folder, '--known', '--json');
    const entries = JSON.parse(out) as { task: string; archive: string | null }[];
    expect(entries.find(({ task }) => task.startsWith('esc50'))?.archive).toBe(archive);
    expect(entries.filter((entry) => entry.archive !== null)).toHaveLength(2);
    const rows = (await hearken('tasks', 'list', folder, '--known')).out.split('\n');
    expect(rows.find((row) => row.includes('esc50'))).toMatch(/│ archive +│/);
    expect(rows.find((row) => row.includes('tones'))).toMatch(/│ yes +│/);
    expect(rows.find((row) => row.includes('fsd50k'))).toMatch(/fsd50k-v1.0-full +│ +│/);
  });

  it('leaves out columns that say nothing, and says what cannot be read', async () => {
    await writeToneTask(join(folder, 'good'), { name: 'good', clips: 2 });
    const headOf = (table: string) => table.split('\n')[1];
    const good = await hearken('tasks', 'list', folder);
    expect(good.status).toBe(0);
    const heads = ['task', 'modality', 'embedding', 'prediction', 'labels', 'clips', 'Hz', 'metrics'];
    expect(headOf(good.out).match(/[^│ ]+/g)).toEqual(heads);
    const bad = await writeToneTask(join(folder, 'bad'), { name: 'bad', clips: 2 });
    await writeFile(join(bad, 'labelvocabulary.csv'), '');
    const both = await hearken('tasks', 'list', folder);
    expect(both.status).toBe(1);
    expect(headOf(both.out)).toContain('on disk');
    expect(both.out).toMatch(/bad +│ not readable/);
    expect(both.out).toMatch(/good-v1-full +│ yes/);
    expect((await hearken('tasks', 'list', bad)).status).toBe(2);
    expect((await hearken('tasks', 'list', bad, '--known')).status).toBe(1);
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
