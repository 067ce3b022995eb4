import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { getTasks, type GetTasksEvent } from '../../src/download/get-tasks.node.js';
import { taskLocations } from '../../src/download/task-locations.js';
import { foldersByName } from '@hearken/tasks';
import { fileServers, serveBytes } from '../../../../tests/support/file-server.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
const serve = fileServers();
const archive = gzipSync(Buffer.from('not a tar, but gzip'));
const sha256 = createHash('sha256').update(archive).digest('hex');
const quick = { retryDelay: 1, attempts: 2 };
let out: string;

beforeEach(async () => {
  out = await temporaryFolder();
});

describe('taskLocations', () => {
  it('names Zenodo for 48 kHz, the bucket for other rates, and both published names below a mirror', () => {
    const [beehive] = foldersByName('beehive_states_fold0');
    const [esc50] = foldersByName('esc50');
    expect(taskLocations(beehive)).toEqual([
      {
        url: 'https://zenodo.org/records/6332517/files/hear2021-beehive_states_fold0-v2-full-48000.tar.gz?download=1',
        file: 'hear2021-beehive_states_fold0-v2-full-48000.tar.gz',
        checksum: { algorithm: 'md5', hex: 'f9e045f9b2ddf5643edc1143304c80aa' },
      },
    ]);
    expect(taskLocations(esc50, { sampleRate: 16_000 })[0].url).toBe(
      'https://storage.googleapis.com/hear2021-archive/tasks/hear-2021.0.6-esc50-v2.0.0-full-16000.tar.gz',
    );
    expect(taskLocations(esc50, { mirror: 'http://host/folder' }).map(({ url }) => url)).toEqual([
      'http://host/folder/hear2021-esc50-v2.0.0-full-48000.tar.gz',
      'http://host/folder/hear-2021.0.6-esc50-v2.0.0-full-48000.tar.gz',
    ]);
    expect(taskLocations(esc50, { mirror: 'http://host/{rate}/{task}.tgz', sampleRate: 32_000 })[0].url).toBe(
      'http://host/32000/esc50-v2.0.0-full.tgz',
    );
  });

  it('refuses rates and mirrors that cannot be', () => {
    const [esc50] = foldersByName('esc50');
    expect(() => taskLocations(esc50, { sampleRate: 8000 })).toThrow(/16000, 22050/);
    expect(() => taskLocations(esc50, { mirror: 'file:///etc' })).toThrow(/protocol file:/);
    expect(() => taskLocations(esc50, { mirror: 'folder' })).toThrow(/not a URL/);
    expect(() => taskLocations(esc50, { mirror: 'https://me:secret@host/' })).toThrow(/user name/);
  });
});

describe('getTasks', () => {
  it('takes the second published name where the first is missing, and records the SHA-256', async () => {
    const server = await serve((request, response) => {
      if (request.url?.includes('hear-2021.0.6-')) serveBytes(request, response, archive);
      else response.writeHead(404).end();
    });
    const events: GetTasksEvent['kind'][] = [];
    const options = { out, mirror: server.origin, ...quick, onEvent: ({ kind }: GetTasksEvent) => events.push(kind) };
    const [outcome] = await getTasks(foldersByName('esc50'), options);
    const file = 'hear-2021.0.6-esc50-v2.0.0-full-48000.tar.gz';
    expect(outcome).toMatchObject({ state: 'downloaded', sha256, path: join(out, file) });
    expect(await readFile(join(out, `${file}.sha256`), 'utf8')).toBe(`${sha256}  ${file}\n`);
    expect(events).toEqual(['task', 'progress', 'outcome']);
    expect(server.requests).toHaveLength(2);

    expect((await getTasks(foldersByName('esc50'), options))[0].state).toBe('present');
    expect(server.requests).toHaveLength(2);
  });

  it('leaves the others when one fails, and holds an archive against the hash that lies beside it', async () => {
    const { origin } = await serve((request, response) => {
      if (request.url?.includes('-5h-')) response.writeHead(404).end();
      else serveBytes(request, response, archive);
    });
    const recorded = join(out, 'hear2021-esc50-v2.0.0-full-48000.tar.gz.sha256');
    await writeFile(recorded, `${'a'.repeat(64)}  whatever\n`);
    const folders = ['maestro', 'esc50', 'libricount'].flatMap(foldersByName);
    const outcomes = await getTasks(folders, { out, mirror: origin, ...quick });
    expect(outcomes.map(({ state }) => state)).toEqual(['failed', 'failed', 'downloaded']);
    expect(outcomes[0]).toMatchObject({ error: { found: expect.stringContaining('404') as string } });
    expect(outcomes[1]).toMatchObject({ error: { found: `sha256 ${sha256}` } });
  });

  it('refuses a web page that calls itself a success, and a folder that cannot be', async () => {
    const { origin } = await serve((request, response) => {
      serveBytes(request, response, Buffer.from('<html>log in</html>'));
    });
    const [outcome] = await getTasks(foldersByName('esc50'), { out, mirror: origin, ...quick });
    expect(outcome).toMatchObject({ state: 'failed', error: { found: expect.stringContaining('web page') as string } });
    expect(await readdir(out)).toEqual([]);
    await writeFile(join(out, 'file'), '');
    await expect(getTasks([], { out: join(out, 'file') })).rejects.toThrow(/a file where a folder/);
  });
});
