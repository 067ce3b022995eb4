import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { fakePlugin } from '../../../../tests/support/fake-run.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { writeToneTask } from '../../../../tests/support/tone-task.js';

const temporaryFolder = temporaryFolders();
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  await writeCycles('icbhi_4class_official');
});

function writeCycles(name: string) {
  const metadata = { evaluation: ['icbhi_score', 'top1_acc'], evaluation_params: { normal_label: 'low' } };
  return writeToneTask(join(folder, 'tasks', name), { name, clips: 6, metadata });
}

const run = (...more: string[]) =>
  hearken(
    ...['run', '--model', fakePlugin, '--tasks', join(folder, 'tasks'), '--threads', '1'],
    ...['--out', join(folder, 'out'), '--cache', join(folder, 'cache'), '--protocol', 'icbhi', ...more],
  );
const submit = (...more: string[]) =>
  hearken('submit', join(folder, 'out'), '--protocol', 'icbhi', '--out', join(folder, 'repository'), ...more);

describe('hearken submit', () => {
  it('copies verified results and says where they come from', async () => {
    await writeCycles('icbhi_2class_official');
    await run();
    await run('--train-fractions', '0.5');
    const { status, out } = await submit();
    expect(out).toMatch(/left out.*evaluated differently than the protocol requires/);
    expect(status).toBe(0);
    const parent = join(folder, 'repository', 'results', 'icbhi');
    const [name] = await readdir(parent);
    expect(name).toMatch(/^fake-small-[0-9a-f]{8}$/);
    const files = await readdir(join(parent, name));
    expect(files).toHaveLength(7);
    expect(files.filter((file) => file.endsWith('.predictions.npy'))).toHaveLength(2);
    const page = await readFile(join(parent, name, 'SUBMISSION.md'), 'utf8');
    expect(page).toMatch(/^# fake:small on ICBHI 2017/);
    expect(page).toMatch(/Mean score: \*\*\d\.\d{4} over 2\*\* of 2 tasks \(Four classes, Two classes\)/);
    expect(page).toContain('| task | metric | score | 95% interval | n | chance | deviation over folds | file |');
    expect(page).toMatch(
      /icbhi\\_4class\\_official-v1-full \| icbhi\\_score \| \d\.\d{4} \| \S+ to \S+ \| \d+.* \| \d\.\d{4} \| - \| \S+\.json \|/,
    );
    expect(page).toMatch(/checkpoint SHA-256 \| none/);
    expect(page).toMatch(/62\.37/);
    // What was copied is a repository that passes its own check, and a second submission does not overwrite it.
    expect((await hearken('verify', join(folder, 'repository', 'results'))).status).toBe(0);
    const again = await submit();
    expect(again.status).toBe(2);
    expect(again.err).toMatch(/an existing folder/);
  });

  it('refuses missing tasks by name, unless they are left out knowingly', async () => {
    await run();
    const { status, out } = await submit();
    expect(status).toBe(1);
    expect(out).toMatch(/refused +1 tasks of icbhi are missing/);
    expect(out).toMatch(/refused +Two classes: icbhi_2class_official: no result/);
    await expect(readdir(join(folder, 'repository'))).rejects.toThrow();
    const partial = await submit('--partial', '--json');
    expect(partial.status).toBe(0);
    const { folder: written, missing } = JSON.parse(partial.out) as { folder: string; missing: string[] };
    expect(missing).toHaveLength(1);
    expect(await readFile(join(written, 'SUBMISSION.md'), 'utf8')).toMatch(/## Missing tasks\n\n- Two classes/);
  });

  it('refuses a tampered score by name, and writes nothing', async () => {
    await run();
    const [name] = (await readdir(join(folder, 'out', 'fake-small'))).filter((file) => file.endsWith('.json'));
    const path = join(folder, 'out', 'fake-small', name);
    const result = JSON.parse(await readFile(path, 'utf8')) as { scores: Record<string, { mean: number }> };
    result.scores.icbhi_score.mean = 0.6237;
    await writeFile(path, JSON.stringify(result));
    const { status, out } = await submit('--partial');
    expect(status).toBe(1);
    expect(out).toContain(`refused   ${path}: icbhi_score, mean: states 0.6237, recomputed `);
    expect(out).toMatch(/Nothing was written\.\n$/);
    await expect(readdir(join(folder, 'repository'))).rejects.toThrow();
  });

  it('refuses results of two models, and of none', async () => {
    await run();
    const other = await hearken(
      ...['run', '--model', `${fakePlugin}:other`, '--tasks', join(folder, 'tasks'), '--threads', '1'],
      ...['--out', join(folder, 'out'), '--cache', join(folder, 'cache'), '--protocol', 'icbhi'],
    );
    expect(other.status).toBe(0);
    expect((await submit('--partial')).out).toMatch(/results of 2 models: fake:other, fake:small/);
    const none = await hearken(
      'submit',
      join(folder, 'out'),
      '--protocol',
      'opera',
      '--out',
      join(folder, 'repository'),
    );
    expect(none.out).toMatch(/exactly one model on .*, found none/);
    const score = await hearken('protocols', 'score', join(folder, 'out'), '--protocol', 'icbhi', '--json');
    expect(JSON.parse(score.out)).toMatchObject({ models: [{ model: 'fake:other' }, { model: 'fake:small' }] });
  });
});
