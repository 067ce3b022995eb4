import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileError } from '@hearken/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { findResults } from '../../src/compare/find-results.node.js';
import { readResult } from '../../src/format/read-result.node.js';
import type { Result } from '../../src/format/result.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const fixture = fileURLToPath(new URL('../fixtures/version-1/fake-small/tones-v1-full.json', import.meta.url));
const task = 'tones-v1-full';
const temporaryFolder = temporaryFolders();
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

async function write(name: string, change: Partial<Record<keyof Result, unknown>> | string): Promise<string> {
  const path = join(folder, name);
  await mkdir(folder, { recursive: true });
  const text = typeof change === 'string' ? change : JSON.stringify({ ...(await readResult(fixture)), ...change });
  await writeFile(path, text);
  return path;
}

describe('findResults', () => {
  it('takes the latest result of the default evaluation, whatever its file is called', async () => {
    await write('a.json', { finishedAt: '2026-01-01T00:00:00.000Z' });
    const latest = await write('b.0123abcd.json', { finishedAt: '2026-01-02T00:00:00.000Z' });
    await write(`${task}.json`, { isDefault: false, finishedAt: '2026-01-03T00:00:00.000Z' });
    expect((await findResults(folder)).get(task)).toMatchObject({ path: latest });
  });

  it('takes none of several without a default one', async () => {
    await write('a.json', { isDefault: false });
    await write('b.json', { isDefault: false });
    expect((await findResults(folder)).get(task)).toMatchObject({ found: expect.stringMatching(/^2: /) as string });
  });

  it('puts no other in the place of one that it cannot read', async () => {
    const path = await write('later.json', { schemaVersion: 3 });
    const other = await write('b.json', { isDefault: false });
    const found = (await findResults(folder)).get(task);
    expect(found).toBeInstanceOf(FileError);
    expect(found).toMatchObject({
      asked: `result '${path}'`,
      found: 'schemaVersion is 3; this version of Hearken reads 1 or 2',
      fix: 'update Hearken',
    });
    const { err } = await hearken('compare', path, other);
    expect(err).toContain('schemaVersion is 3; this version of Hearken reads 1 or 2');
  });

  it('says what is wrong with the only file', async () => {
    await write('cut.json', '{"schemaVersion": 2, ');
    expect((await findResults(folder)).get('cut')).toMatchObject({
      found: expect.stringMatching(/^not valid JSON/) as string,
    });
    await write('cut.json', '{}');
    await expect(findResults(folder)).rejects.toThrow(/none: '.*cut\.json' is not a result/);
  });
});

describe('a result of a later version', () => {
  it.each([
    ['results'],
    ['report', '--out', 'site'],
    ['protocols', 'score', '--protocol', 'icbhi'],
    ['verify'],
    ['submit', '--protocol', 'icbhi', '--out', 'repository'],
    ['compare', '--where', 'probe=mlp'],
  ])('is named by %s', async (...command) => {
    const path = await write('later.json', { schemaVersion: 3 });
    await write('b.json', {});
    const args = command.map((arg) => (arg === 'site' || arg === 'repository' ? join(folder, arg) : arg));
    const [names, options] = [args.filter((_, index) => index < optionsAt(args)), args.slice(optionsAt(args))];
    const { status, out, err } = await hearken(...names, folder, ...options);
    expect(`${out}${err}`).toMatch(/later\.json.*\n?.*schemaVersion is 3; this version of Hearken reads 1 or 2/);
    expect(path).toContain('later');
    if (command[0] !== 'report') expect(status).not.toBe(0);
  });
});

function optionsAt(args: readonly string[]): number {
  const index = args.findIndex((arg) => arg.startsWith('--'));
  return index < 0 ? args.length : index;
}

it('the fixture is of version 1', async () => {
  expect(await readFile(fixture, 'utf8')).toContain('"schemaVersion": 1');
});
