import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakePlugin } from '../../../../tests/support/fake-run.js';
import { readXml } from '../../../../tests/support/read-xml.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { writeToneTask } from '../../../../tests/support/tone-task.js';

const temporaryFolder = temporaryFolders();
let folder: string;
let task: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  task = await writeToneTask(join(folder, 'task'), { clips: 6 });
});

afterEach(() => {
  vi.unstubAllEnvs();
});

function run(tasks: readonly string[], ...more: string[]) {
  const quick = ['--grid', 'faster', '--grid-points', '1', '--threads', '1'];
  const places = ['--out', join(folder, 'out'), '--cache', join(folder, 'cache')];
  return hearken('run', '--model', fakePlugin, '--tasks', ...tasks, ...places, ...quick, ...more);
}

describe('hearken run --fail-under', () => {
  it('succeeds if every score fulfils every threshold', async () => {
    const { status, err } = await run([task], '--fail-under', 'top1_acc>=0', '--fail-under', 'tones:top1_acc<=1');
    expect(status).toBe(0);
    expect(err).toContain('--fail-under top1_acc>=0, tones:top1_acc<=1: met by 2 scores\n');
  });

  it('fails with the rows that do not, and keeps the results', async () => {
    const { status, out, err } = await run([task], '--fail-under', 'top1_acc>1', '--json');
    expect(status).toBe(1);
    expect(JSON.parse(out)).toHaveLength(1);
    expect(err).toContain('Error: --fail-under top1_acc>1: 1 missed, 1 score compared\n');
    expect(err).toMatch(/\n {2}fake:small on tones-v1-full \(mlp, .*\): top1_acc is [\d.]+, wanted > 1\n/);
    expect((await run([task])).status).toBe(0);
  });

  it('fails if no result has the metric, and where a task fails', async () => {
    const absent = await run([task], '--fail-under', 'mAP>=0');
    expect([absent.status, absent.err]).toEqual([1, expect.stringContaining('no result with a score of mAP')]);
    const broken = await run([task, join(folder, 'nowhere')], '--fail-under', 'top1_acc>=0');
    expect([broken.status, broken.err]).toEqual([1, expect.stringContaining('met by 1 score')]);
  });

  it.each([
    ['top1_ac>=0.8', "did you mean 'top1_acc'?"],
    ['top1_acc', 'in quotes'],
  ])('refuses %s before anything is computed', async (threshold, fix) => {
    const { status, err } = await run([task], '--fail-under', threshold);
    expect(status).toBe(2);
    expect(err).toContain(fix);
    expect(err).not.toContain('tones');
  });
});

describe('hearken run --junit', () => {
  it("writes the outcomes as JUnit's XML", async () => {
    const junit = join(folder, 'new', 'junit.xml');
    const { status } = await run([task, join(folder, 'nowhere')], '--junit', junit, '--fail-under', 'top1_acc>1');
    expect(status).toBe(1);
    const root = readXml(await readFile(junit, 'utf8'));
    expect(root.attributes).toMatchObject({ tests: '2', failures: '1', errors: '1' });
    expect(root.children.map(({ attributes }) => attributes.name)).toEqual(['fake:small']);
  });

  it('refuses a path that cannot be written before anything is computed', async () => {
    const [link, target] = [join(folder, 'link.xml'), join(folder, 'target.xml')];
    await writeFile(target, 'kept');
    await symlink(target, link);
    await mkdir(join(folder, 'folder.xml'));
    for (const path of [link, join(folder, 'folder.xml'), join(target, 'junit.xml')]) {
      const { status, err } = await run([task], '--junit', path);
      expect([status, err]).toEqual([2, expect.stringContaining('Error: to write')]);
      expect(err).not.toContain('tones');
    }
    expect(await readFile(target, 'utf8')).toBe('kept');
  });
});

describe('hearken run --github-summary', () => {
  it("appends a table to the step's summary", async () => {
    const summary = join(folder, 'summary.md');
    await writeFile(summary, 'from before\n');
    vi.stubEnv('GITHUB_STEP_SUMMARY', summary);
    expect((await run([task], '--github-summary')).status).toBe(0);
    expect((await run([task], '--github-summary', '--fail-under', 'top1_acc>1')).status).toBe(1);
    const text = await readFile(summary, 'utf8');
    expect(text).toMatch(/^from before\n## Hearken: passed\n[^]*\n## Hearken: 1 of the checks failed\n/);
    expect(text).toContain('| fake:small | tones\\-v1\\-full |');
  });

  it('is an error outside of a workflow', async () => {
    vi.stubEnv('GITHUB_STEP_SUMMARY', undefined);
    const { status, err } = await run([task], '--github-summary');
    expect([status, err]).toEqual([2, expect.stringContaining('no GITHUB_STEP_SUMMARY in the environment')]);
  });
});
