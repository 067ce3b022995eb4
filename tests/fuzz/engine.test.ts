import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Findings } from '../../fuzz/engine/findings.js';
import { makeInput } from '../../fuzz/engine/make-input.js';
import { minimise } from '../../fuzz/engine/minimise.js';
import { runInput } from '../../fuzz/engine/run-input.js';
import { runTarget } from '../../fuzz/engine/run-target.js';
import { faultyTargets } from './faulty-targets.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearken-fuzz-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const module = new URL('./faulty-targets.ts', import.meta.url).href;
const named = (name: string) => faultyTargets.find((target) => target.name === name)!;
const limits = { seed: 10, runs: 3, hangSeconds: 1, memory: 2 ** 30 };

describe('a run', () => {
  it('counts answers, and refusals by the errors that a target may throw', async () => {
    const findings = new Findings(join(folder, 'sound'));
    const report = await runTarget(named('sound'), module, { ...limits, runs: 50 }, findings);
    expect(report).toMatchObject({ inputs: 50, wrong: 0, hangs: 0, ends: 0 });
    expect(report.read + report.refused).toBe(50);
    expect(report.memory).toBeGreaterThan(2 ** 24);
    expect(findings.all).toEqual([]);
  });

  it.each([
    ['throws', 'wrong', /TypeError: not a function/],
    ['refuses', 'wrong', /OptionError: a: b; c/],
    ['unsound', 'wrong', /UnsoundError: no answer/],
    ['hangs', 'hang', /ended after/],
    ['ends', 'end', /status 7/],
    ['aborts', 'end', /SIGABRT/],
    ['hoards', 'memory', /MiB/],
  ])('finds what %s, keeps its input, and goes on behind it', async (name, kind, error) => {
    const findings = new Findings(join(folder, name));
    const own = name === 'hoards' ? { ...limits, hangSeconds: 1000, memory: 2 ** 28 } : limits;
    const report = await runTarget(named(name), module, own, findings);
    expect(findings.all.map(({ seed }) => seed)).toEqual([10, 11, 12]);
    expect(findings.all[0]).toMatchObject({ target: name, kind, error: expect.stringMatching(error) as string });
    expect([report.wrong, report.hangs, report.ends].reduce((sum, count) => sum + count)).toBe(3);
    const path = join(folder, name, name, `10-${kind}`);
    expect(JSON.parse(await readFile(join(path, 'finding.json'), 'utf8'))).toMatchObject({ seed: 10, kind });
    expect(await readdir(join(path, 'input'))).toEqual(['seed.bin']);
    expect(findings.distinct()).toHaveLength(1);
  });
});

describe('an input', () => {
  it('is the same for the same seed, and another for another', async () => {
    const seeds = await named('sound').seeds();
    const of = (seed: number) => Buffer.from(Object.values(makeInput(seeds, seed))[0]).toString('hex');
    expect(of(5)).toBe(of(5));
    expect(new Set(Array.from({ length: 40 }, (_, seed) => of(seed))).size).toBeGreaterThan(30);
  });

  it('becomes smaller as long as it does the same', async () => {
    const target = named('dislikes 0xff');
    const files = { 'seed.bin': Uint8Array.of(...Array.from({ length: 60 }, (_, index) => index), 0xff, 1, 2) };
    const { error } = await runInput(target, files);
    expect((await minimise(target, files, error))['seed.bin']).toEqual(Uint8Array.of(0xff));
  });

  it('leaves no folder behind', async () => {
    const target = named('uses a folder');
    let made = '';
    const run = {
      ...target,
      run: async (...given: Parameters<typeof target.run>) => void (made = await given[1].folder()),
    };
    expect(await runInput(run, { 'seed.bin': new Uint8Array() })).toMatchObject({ kind: 'read' });
    expect(made).not.toBe('');
    expect(existsSync(made)).toBe(false);
  });
});
