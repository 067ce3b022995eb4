import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readResults } from '../../src/format/read-results.node.js';
import { findResultFiles } from '../../src/result/find-result-files.node.js';
import { makeProfile, type MeasuredProcess } from '../../src/profile/make-profile.js';
import { parseProfile, readProfiles, writeProfile } from '../../src/profile/profile-file.node.js';
import { writeResult } from '../../../../tests/support/made-results.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { measuredProcess } from './measured-process.js';

const newFolder = temporaryFolders();
let folder: string;

beforeEach(async () => {
  folder = await newFolder();
});

const made = (more: Partial<MeasuredProcess> = {}) => makeProfile([measuredProcess(more)], new Date(0));

describe('makeProfile', () => {
  it('takes the median of each number', () => {
    const processes = [3, 1, 2].map((load) => measuredProcess({ loadSeconds: load, peakMemoryBytes: 100 - load }));
    expect(makeProfile(processes, new Date(0))).toMatchObject({
      loadSeconds: 2,
      peakMemoryBytes: 98,
      measuredAt: '1970-01-01T00:00:00.000Z',
    });
    expect(makeProfile(processes.slice(0, 2), new Date(0))).toMatchObject({ loadSeconds: 2, runs: { length: 2 } });
  });
});

describe('writeProfile', () => {
  it("writes it beside the model's results, where it is read again and not taken for a result", async () => {
    await writeResult(join(folder, 'made-small', 'tones-v1-full.json'), {});
    const path = await writeProfile(folder, made());
    expect(path).toMatch(/made-small[\\/]profile\.[0-9a-f]{8}\.json$/);
    expect(await readProfiles([folder])).toEqual({ profiles: [{ path, profile: made() }], damaged: [] });
    expect(await readProfiles([path])).toMatchObject({ profiles: [{ path }] });
    expect(await readResults([folder])).toMatchObject({ results: { length: 1 }, damaged: [], others: [] });
    expect(await findResultFiles([folder])).toHaveLength(1);
    await expect(findResultFiles([path])).rejects.toThrow('no JSON files');
  });

  it('replaces the one of the same machine, and keeps those of others', async () => {
    const { machine } = measuredProcess();
    await writeProfile(folder, made({ loadSeconds: 1 }));
    await writeProfile(folder, made({ loadSeconds: 2 }));
    await writeProfile(folder, made({ machine: { ...machine, processor: 'another' } }));
    const { profiles } = await readProfiles([folder]);
    expect(profiles.map(({ profile }) => profile.loadSeconds).sort()).toEqual([0.5, 2]);
  });
});

describe('readProfiles', () => {
  it.each([
    ['not JSON', '{', /not valid JSON/],
    ['a list', '[]', /not a JSON object/],
    ['a later version', '{"profileVersion":2}', /profileVersion is 2; this version of Hearken reads 1/],
    ['a result', '{"schemaVersion":2}', /profileVersion is missing/],
    ['a wrong field', { realTimeFactor: -1 }, /realTimeFactor is -1, expected a number over 0/],
    ['endless memory', { peakMemoryBytes: 1e300 }, /peakMemoryBytes is 1e\+300, expected a whole number/],
    ['no runs', { runs: [] }, /runs/],
  ])('reports %s, and reads the others', async (_, content, message) => {
    await writeProfile(folder, made());
    const text = typeof content === 'string' ? content : JSON.stringify({ ...made(), ...content });
    await writeFile(join(folder, 'profile.00000000.json'), text);
    const { profiles, damaged } = await readProfiles([folder]);
    expect(profiles).toHaveLength(1);
    expect(damaged).toEqual([
      { path: join(folder, 'profile.00000000.json'), message: expect.stringMatching(message) as unknown },
    ]);
  });

  it('finds none where there are none', async () => {
    expect(await readProfiles([folder])).toEqual({ profiles: [], damaged: [] });
  });

  it('ignores fields of later versions', async () => {
    const path = await writeProfile(folder, made());
    const document = JSON.parse(await readFile(path, 'utf8')) as object;
    expect(parseProfile(JSON.stringify({ ...document, watts: 5 }))).toHaveProperty('profile');
    expect(await readdir(folder)).toEqual(['made-small']);
  });
});
