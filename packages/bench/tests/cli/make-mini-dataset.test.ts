import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();

describe('hearken tasks make mini', () => {
  it('makes those that are named, and says what was there already', async () => {
    const out = join(await temporaryFolder(), 'tasks');
    const first = await hearken('tasks', 'make', 'mini', '--out', out, '--task', 'rhythm', '--seed', '3');
    expect([first.status, first.err]).toEqual([0, '']);
    expect(first.out).toMatch(/mini_rhythm-v1-seed3 .* made .* train \d+, valid \d+, test \d+ .*mini_rhythm-v1-seed3/);
    const args = ['--out', out, '--task', 'mini_rhythm', 'mini_pitch', '--seed', '3', '--json'];
    const again = JSON.parse((await hearken('tasks', 'make', 'mini', ...args)).out) as unknown;
    expect(again).toMatchObject([
      { task: 'mini_pitch-v1-seed3', state: 'made', folder: join(out, 'mini_pitch-v1-seed3') },
      { task: 'mini_rhythm-v1-seed3', state: 'present' },
    ]);
    expect((await readdir(out)).sort()).toEqual(['mini_pitch-v1-seed3', 'mini_rhythm-v1-seed3']);
    await rm(join(out, 'mini_rhythm-v1-seed3', 'train.json'));
    const mended = await hearken('tasks', 'make', 'mini', '--out', out, '--task', 'rhythm', '--seed', '3', '--json');
    expect(JSON.parse(mended.out)).toMatchObject([{ state: 'made' }]);
  });

  it('is listed with the datasets', async () => {
    const { out } = await hearken('tasks', 'make', '--list');
    expect(out).toMatch(/^mini: Small synthetic tasks/m);
    expect(out).not.toMatch(/^ {2}\w+\s*$/m);
    expect(JSON.parse((await hearken('tasks', 'make', 'mini', '--list', '--json')).out)).toMatchObject([
      { name: 'mini', expectedCounts: {} },
    ]);
  });

  it('refuses what has no meaning for it', async () => {
    const out = await temporaryFolder();
    const refused = async (...args: string[]) => {
      const { status, err } = await hearken('tasks', 'make', 'mini', ...args);
      expect(status).toBe(2);
      return err;
    };
    expect(await refused()).toMatch(/--out .*\n.*none\n.*hearken tasks make mini --out TASKS/);
    expect(await refused('--out', out, '--task', 'scene')).toMatch(/mini task 'scene'.*\n.*\n.*did you mean.*scenes/i);
    expect(await refused('--out', out, '--source', out)).toMatch(/--source of dataset 'mini'/);
    expect(await refused('--out', out, '--sample-rate', '8000')).toMatch(/--sample-rate of dataset 'mini'/);
    expect(await refused('--out', out, '--folds', '5')).toMatch(/--folds of dataset 'mini'/);
    await writeFile(join(out, 'file'), '');
    expect(await refused('--out', join(out, 'file'))).toMatch(/a file where a folder is needed/);
  });
});
