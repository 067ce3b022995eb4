import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Profile, profileVersion } from '@hearken/results/internal';
import { readResults } from '@hearken/results/node';
import { writeProfile } from '@hearken/results/internal/node';
import { fakePlugin } from '../../../../tests/support/fake-run.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { writeToneTask } from '../../../../tests/support/tone-task.js';

const newFolder = temporaryFolders();
let root: string;
let run: string[];

interface Plan {
  readonly jobs: readonly {
    readonly model: string;
    readonly state: string;
    readonly problem: string | null;
    readonly clips: number;
    readonly estimate: Readonly<Record<string, number>> | null;
  }[];
  readonly totals: Readonly<Record<string, number>>;
  readonly measured: Readonly<Record<string, { readonly realTimeFactor: number }>>;
}

beforeEach(async () => {
  root = await newFolder();
  await writeToneTask(join(root, 'tasks', 'one'));
  run = ['run', '--tasks', join(root, 'tasks'), '--probe', 'linear', '--threads', '1'];
  run.push('--out', join(root, 'out'), '--cache', join(root, 'cache'));
});

describe('hearken run --dry-run', () => {
  it('writes nothing, and finds what is finished', async () => {
    const models = ['--model', fakePlugin, '--model', `double=${fakePlugin}`, '--options', 'double={"scale":2}'];
    const before = await readdir(root, { recursive: true });
    const first = await hearken(...run, ...models, '--dry-run', '--json');
    expect([first.status, first.err]).toEqual([0, first.err]);
    expect(await readdir(root, { recursive: true })).toEqual(before);
    const { jobs, totals, measured } = JSON.parse(first.out) as Plan;
    expect(jobs.map(({ model, state }) => [model, state])).toEqual([
      [fakePlugin, 'to do'],
      ['double', 'to do'],
    ]);
    expect(jobs[0].clips).toBeGreaterThan(3);
    for (const { estimate } of jobs) {
      expect(estimate?.embedSeconds).toBeGreaterThan(0);
      expect(estimate?.probeSeconds).toBeGreaterThan(0);
      expect(estimate?.diskBytes).toBeGreaterThan(1000);
    }
    expect(totals).toMatchObject({ jobs: 2, finished: 0, failing: 0, isComplete: true });
    expect(totals.memoryBytes).toBeGreaterThan(2 ** 20);
    expect(measured[fakePlugin].realTimeFactor).toBeGreaterThan(0);
    expect((await hearken(...run, '--model', fakePlugin)).status).toBe(0);
    const second = await hearken(...run, ...models, '--dry-run', '--json');
    const states = (JSON.parse(second.out) as Plan).jobs.map(({ state }) => state);
    expect(states).toEqual(['finished', 'to do']);
    const forced = await hearken(...run, ...models, '--dry-run', '--force');
    expect(forced.out).toMatch(/2 jobs: 0 finished, 2 to do\nAbout [^]*This machine \([^]*\(measured now\)/);
    expect(forced.out).toContain('double (fake:small)');
  });

  it('uses the profile of a model, if it is of this machine', async () => {
    await hearken(...run, '--model', fakePlugin);
    const { results } = await readResults([join(root, 'out')]);
    const { model, machine } = results[0].result;
    const measured = { loadSeconds: 7, realTimeFactor: 0.5, peakMemoryBytes: 123e6, idleMemoryBytes: 1e6 };
    const profile: Profile = {
      ...{ profileVersion, hearken: '0.1.0', model: { ...model, checkpointBytes: null }, clipSeconds: 1, clips: 1 },
      ...{ ...measured, runs: [measured], machine, measuredAt: '2026-01-02T03:04:05.000Z' },
    };
    const plan = () => hearken(...run, '--model', fakePlugin, '--dry-run', '--force');
    await writeProfile(join(root, 'out'), { ...profile, machine: { ...machine, processor: 'another' } });
    expect((await plan()).out).toContain('(measured now)');
    await writeProfile(join(root, 'out'), profile);
    expect((await plan()).out).toMatch(
      /123\.0 MB of memory, [^]*loaded in 7\.0 s, 0\.50 s .* \(profile of 2026-01-02\)/,
    );
  });

  it('does not find the result of a task that has changed since', async () => {
    await hearken(...run, '--model', fakePlugin);
    await writeToneTask(join(root, 'tasks', 'one'), { clips: 9 });
    const { out } = await hearken(...run, '--model', fakePlugin, '--dry-run', '--json');
    expect((JSON.parse(out) as Plan).jobs.map(({ state }) => state)).toEqual(['to do']);
  });

  it('says what cannot be computed', async () => {
    await writeFile(join(root, 'tasks', 'one', 'task_metadata.json'), '{');
    const models = ['--model', 'basline', '--model', fakePlugin];
    const { status, out, err } = await hearken(...run, ...models, '--dry-run', '--json');
    const { jobs } = JSON.parse(out) as Plan;
    expect([status, jobs.map(({ state }) => state)]).toEqual([2, ['failing', 'failing']]);
    expect(jobs[1].problem).toContain('invalid JSON');
    expect(err).toMatch(/basline: failed\n[^]*did you mean 'baseline'/);
    const probe = await hearken('run', '--model', fakePlugin, '--tasks', 'x', '--probe', 'lineer', '--dry-run');
    expect([probe.status, probe.err]).toEqual([2, expect.stringContaining("did you mean 'linear'")]);
  });

  it('does not unpack archives', async () => {
    const archive = join(root, 'one.tar.gz');
    await promisify(execFile)('tar', ['-czf', archive, '-C', join(root, 'tasks'), 'one']);
    const args = ['run', '--tasks', archive, ...run.slice(3), '--model', fakePlugin];
    const packed = await hearken(...args, '--dry-run');
    expect(packed.out).toContain('an archive that no run has unpacked yet');
    expect(await readdir(root)).not.toContain('cache');
    expect((await hearken(...args)).status).toBe(0);
    expect((await hearken(...args, '--dry-run')).out).toContain('1 jobs: 1 finished, 0 to do');
  });
});
