import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readNpy, writeNpy } from '@hearken/signals';
import { verifyResult } from '../../src/submit/verify-result.node.js';
import { makeMiniTasks } from '@hearken/tasks/node';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

/** What of a stored result of several seeds these tests change. */
interface Stored {
  scores: Record<string, { mean: number; interval: { low: number } }>;
  seeds: {
    scores: Record<string, number>;
    folds: { scores: Record<string, number> }[];
    predictions?: { file: string; sha256: string } | null;
  }[];
}

const temporaryFolder = temporaryFolders();
let made: string;
let path: string;

beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), 'hearken seeds '));
  await makeMiniTasks(join(made, 'tasks'), { seed: 1, tasks: ['scenes'] });
  const { status, err } = await hearken(
    ...['run', '--model', 'baseline', '--tasks', join(made, 'tasks'), '--threads', '1'],
    ...['--grid', 'faster', '--grid-points', '1', '--probe', 'linear', '--seeds', '3', '--seed', '7'],
    ...['--out', join(made, 'out'), '--cache', join(made, 'cache')],
  );
  expect(err).not.toContain('Error');
  expect(status).toBe(0);
});
afterAll(() => rm(made, { recursive: true, force: true }));

beforeEach(async () => {
  const folder = await temporaryFolder();
  await cp(join(made, 'out'), folder, { recursive: true });
  const [model] = await readdir(folder);
  const name = (await readdir(join(folder, model))).find((file) => file.endsWith('.json'));
  path = join(folder, model, name!);
});

async function change(edit: (result: Stored) => unknown): Promise<void> {
  const result = JSON.parse(await readFile(path, 'utf8')) as Stored;
  await edit(result);
  await writeFile(path, JSON.stringify(result));
}

const messages = async () => (await verifyResult(path)).problems.map(({ message }) => message);

describe('a result of several seeds', () => {
  it('has what each of them answered beside it, and all of it is scored again', async () => {
    const { problems, unchecked } = await verifyResult(path);
    expect(problems).toEqual([]);
    expect(unchecked.join('\n')).not.toMatch(/seeds/);
    const files = await readdir(join(path, '..'));
    expect(files.filter((file) => /\.seed-[89]\.predictions\.npy$/.test(file))).toHaveLength(2);
  });

  it('is not verified with another interval, or another score of a later seed', async () => {
    await change(({ scores }) => (scores.top1_acc.interval.low += 0.01));
    expect(await messages()).toEqual([expect.stringMatching(/^top1_acc, interval\.low: states /)]);
    await change(({ scores, seeds }) => {
      scores.top1_acc.interval.low -= 0.01;
      // Everything that follows from the fold's score, as a careful forger would.
      seeds[2].folds.forEach((fold) => (fold.scores.top1_acc += 0.01));
      seeds[2].scores.top1_acc += 0.01;
      scores.top1_acc.mean += 0.01 / 3;
    });
    expect(await messages()).toContainEqual(
      expect.stringMatching(/^fold 'fold00', top1_acc, seeds\[2\]\.folds: states /),
    );
  });

  it('is not verified with other predictions of a later seed, whatever hash is stated', async () => {
    await change(async ({ seeds }) => {
      const { predictions } = seeds[1];
      const file = join(path, '..', predictions!.file);
      const { data, shape } = readNpy(await readFile(file), file);
      data.reverse();
      data[0] = 2;
      await writeFile(file, writeNpy(data, shape));
    });
    expect(await messages()).toContainEqual(expect.stringMatching(/seeds\[1\]\.predictions\.sha256 states/));
    await change(async ({ seeds }) => {
      const bytes = await readFile(join(path, '..', seeds[1].predictions!.file));
      seeds[1].predictions!.sha256 = createHash('sha256').update(bytes).digest('hex');
    });
    const found = await messages();
    expect(found).toContainEqual(expect.stringMatching(/^predictions that are not probabilities: 2 in row 0/));
    expect(found).toContainEqual(expect.stringMatching(/seeds\[1\]\.folds: states/));
  });

  it('of an earlier version, which kept those of the first, says so', async () => {
    await change(({ seeds }) => seeds.forEach((one) => delete one.predictions));
    const { problems, unchecked } = await verifyResult(path);
    expect(problems).toEqual([]);
    expect(unchecked).toContainEqual(
      expect.stringMatching(/over all 3 seeds: only the first seed's predictions are stored/),
    );
  });

  it('is a problem named where the predictions of one are missing', async () => {
    await rm(path.replace(/\.json$/, '.seed-8.predictions.npy'));
    expect((await messages()).join('\n')).toMatch(/seed-8\.predictions\.npy': no such file/);
  });
});
