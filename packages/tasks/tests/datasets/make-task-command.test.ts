import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkCounts } from '../../src/datasets/check-counts.js';
import { makeTasks } from '../../src/datasets/make-tasks.node.js';
import { datasetByName, datasets } from '../../src/datasets/registry.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { convert, namesIn, npyRecord, ramp, writeReplica } from './replica.js';

const newFolder = temporaryFolders();
const files = Object.fromEntries(
  Array.from({ length: 12 }, (_, index) => [`${index % 2 ? 'cough' : 'breath'}/p${index}.wav`, ramp(16_000, 0.1)]),
);

describe('hearken tasks make', () => {
  it('makes tasks, and says the same when they are there', async () => {
    const root = await newFolder();
    await writeReplica(join(root, 'source'), files);
    const args = ['folders', '--source', join(root, 'source'), '--out', join(root, 'tasks'), '--name', 'mine'];
    const first = await hearken('tasks', 'make', ...args);
    expect([first.status, first.out]).toEqual([0, expect.stringMatching(/mine.*made.*5 folds of 2 to 3.*unknown/)]);
    expect(first.err).toMatch(/folders: recordings \.\.\./);
    expect(first.err).toMatch(/Warning: mine: nothing says which clips belong together/);
    const again = await hearken('tasks', 'make', ...args, '--json');
    expect(JSON.parse(again.out)).toMatchObject([{ task: 'mine', state: 'present' }]);
    const listed = await hearken('tasks', 'list', join(root, 'tasks'));
    expect([listed.status, listed.out]).toEqual([0, expect.stringContaining('mine-v1-full')]);
  });

  it('makes tasks of 100 Hz, which ECGs have', async () => {
    const root = await newFolder();
    const records = Object.fromEntries(
      ['a1', 'a2', 'a3', 'b1', 'b2', 'b3'].map((id) => [`${id[0]}/${id}.npy`, npyRecord(500)]),
    );
    await writeReplica(join(root, 'source'), records);
    const paths = ['--source', join(root, 'source'), '--out', join(root, 'tasks')];
    const { status, err } = await hearken('tasks', 'make', 'folders', ...paths, '--sample-rate', '100');
    expect([status, err]).toEqual([0, expect.stringContaining('recordings')]);
    expect(await namesIn(join(root, 'tasks/source-v1-full'))).toContain('100');
  });

  it('lists what it knows', async () => {
    const { out } = await hearken('tasks', 'make', '--list');
    for (const { name, citation, license } of datasets) {
      expect(out).toContain(`${name}: `);
      expect(out).toContain(citation);
      expect(out).toContain(license);
    }
    expect(out).toMatch(/920 recordings, 6898 cycles/);
    expect(JSON.parse((await hearken('tasks', 'make', 'icbhi', '--list', '--json')).out)).toMatchObject([
      { name: 'icbhi' },
    ]);
  });

  it('refuses what it does not know', async () => {
    const root = await newFolder();
    await writeReplica(root, files);
    const refused = async (...args: string[]) => {
      const { status, err } = await hearken('tasks', 'make', ...args);
      expect(status).toBe(2);
      return err;
    };
    expect(await refused('icbh', '--source', root, '--out', root)).toMatch(/did you mean.*icbhi/i);
    expect(await refused('icbhi')).toMatch(/--source/);
    expect(await refused('icbhi', '--group-pattern', 'x')).toMatch(
      /--group-pattern of dataset 'icbhi'.*\n.*an option that only .*folders have/,
    );
    expect(await refused('folders', '--source', root, '--out', root)).toMatch(/the dataset's own folder/);
    expect(await refused('icbhi', '--source', join(root, 'none'), '--out', root)).toMatch(/no such folder/);
    expect(await refused('icbhi', '--source', root, '--out', join(root, 'x'))).toMatch(/ICBHI recordings in/);
    expect(await refused('folders', '--source', root, '--out', join(root, 'x'), '--task', 'other')).toMatch(
      /task 'other'/,
    );
  });
});

describe('makeTasks', () => {
  it('does not take its own tasks for data, where they lie in the folder of the dataset', async () => {
    const root = await newFolder();
    await writeReplica(root, files);
    const options = { source: root, out: join(root, 'tasks'), name: 'mine' };
    const [first] = await makeTasks(datasetByName('folders'), options);
    const [again] = await makeTasks(datasetByName('folders'), options);
    expect([first.state, again.state]).toEqual(['made', 'present']);
  });

  it('refuses a folder in the way that it did not make', async () => {
    const root = await newFolder();
    await mkdir(join(root, 'tasks/mine-v1-full'), { recursive: true });
    await writeFile(join(root, 'tasks/mine-v1-full/precious.txt'), 'x');
    await expect(convert('folders', root, files, { name: 'mine' })).rejects.toThrow(/mine-v1-full.*other content/);
    expect(await namesIn(join(root, 'tasks/mine-v1-full'))).toEqual(['precious.txt']);
  });

  it('leaves nothing when it is stopped', async () => {
    const root = await newFolder();
    await writeReplica(join(root, 'source'), files);
    const controller = new AbortController();
    const stopped = makeTasks(datasetByName('folders'), {
      source: join(root, 'source'),
      out: join(root, 'tasks'),
      abortSignal: controller.signal,
      onProgress: (done) => done === 3 && controller.abort(),
    });
    await expect(stopped).rejects.toThrow(/abort/i);
    expect(await namesIn(join(root, 'tasks'))).toEqual([]);
  });

  it('gives the same bytes for the same seed', async () => {
    const hashes = [];
    for (const seed of [1, 1, 2]) {
      const root = await newFolder();
      await convert('folders', root, files, { name: 'mine', seed });
      const record = readFileSync(join(root, 'tasks/mine-v1-full/conversion.json'), 'utf8');
      hashes.push((JSON.parse(record) as { contentSha256: string }).contentSha256);
    }
    expect(hashes[0]).toBe(hashes[1]);
    expect(hashes[0]).not.toBe(hashes[2]);
  });
});

describe('datasets', () => {
  it('are all registered, by distinct names, each with its source', () => {
    const folder = fileURLToPath(new URL('../../src/datasets', import.meta.url));
    const inFiles = readdirSync(folder).flatMap((file) => {
      const found = /: Dataset = \{\s+name: '([^']+)'/.exec(readFileSync(join(folder, file), 'utf8'));
      return found === null ? [] : [found[1]];
    });
    expect(datasets.map(({ name }) => name).sort()).toEqual(inFiles.sort());
    for (const { name, title, url, license, citation } of datasets.filter(
      (one) => !['csv', 'folders'].includes(one.name),
    )) {
      expect([name, title, url, license, citation].every((text) => text.length > 3)).toBe(true);
      expect(url).toMatch(/^https:\/\//);
    }
  });

  it('are all in the guide', () => {
    const guide = readFileSync(new URL('../../../../docs/guides/datasets.md', import.meta.url), 'utf8');
    for (const { name, url } of datasets) {
      expect(guide).toContain(`\`${name}\``);
      expect(guide).toContain(url.split(' ')[0]);
    }
  });
});

describe('checkCounts', () => {
  const dataset = { name: 'd', expectedCounts: { recordings: 3, cycles: 7 } };

  it('warns of a part, and of another edition', () => {
    expect(checkCounts(dataset, { recordings: 2, cycles: 1 })).toEqual([
      '2 of 3 published recordings: the download is only a part of the dataset.',
    ]);
    expect(checkCounts(dataset, { recordings: 4, cycles: 1 })).toEqual([expect.stringMatching(/another edition/)]);
  });

  it('refuses a whole download whose other figures disagree', () => {
    expect(checkCounts(dataset, { recordings: 3, cycles: 7 })).toEqual([]);
    expect(() => checkCounts(dataset, { recordings: 3, cycles: 6 })).toThrow(/6 cycles instead of 7/);
    expect(checkCounts({ name: 'd', expectedCounts: {} }, {})).toEqual([]);
  });
});
