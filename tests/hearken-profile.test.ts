// What models cost, measured by the built command in processes of its own. Needs `npm run build`; `npm test` runs it.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Profile } from '../packages/results/src/profile/profile-schema.js';
import { fakePlugin } from './support/fake-run.js';
import { hearken } from './support/run-hearken.js';
import { temporaryFolders } from './support/temporary-folder.js';

const isBuilt = existsSync(fileURLToPath(new URL('../packages/bench/dist/cli/shell.node.js', import.meta.url)));
const temporaryFolder = temporaryFolders();
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

const profile = (...args: string[]) =>
  hearken('profile', ...args, '--repeat', '1', '--clip-seconds', '1', '--threads', '1', '--out', folder);

describe.skipIf(!isBuilt)('hearken profile', () => {
  it('measures models, and stores what it measured', async () => {
    const { status, out, err } = await profile('--model', fakePlugin, '--model', 'baseline:mel', '--json');
    expect([status, err]).toEqual([0, expect.stringContaining('baseline:mel: measuring')]);
    const profiles = JSON.parse(out) as (Profile & { file: string })[];
    expect(profiles.map(({ model }) => model.model)).toEqual(['small', 'mel']);
    for (const { file, ...one } of profiles) {
      expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(one);
      expect(one).toMatchObject({ profileVersion: 1, clipSeconds: 1, runs: { length: 1 } });
      expect(one.loadSeconds).toBeGreaterThan(0);
      expect(one.realTimeFactor).toBeGreaterThan(0);
      expect(one.peakMemoryBytes).toBeGreaterThanOrEqual(one.idleMemoryBytes);
    }
  });

  it('prints a table with the machine, also if a model fails', async () => {
    const { status, out, err } = await profile('--model', 'baseline:mell', '--model', 'baseline:mel');
    expect(status).toBe(1);
    expect(err).toMatch(/baseline:mell: failed\nError: model 'baseline:mell'\n.*\n {2}to do: {2}did you mean 'mel'\?/);
    expect(out).toMatch(
      /│ baseline:mel │ +[\d.]+ │ +[\d.e-]+ │ +[\d.e+]+ │ +\d+ MiB │ +\d+ MiB │ +0 │ +- │ onnxruntime-node /,
    );
    expect(out).toMatch(/\nMedians of 1 processes, with clips of 1 s, on .*, \d+ cores; Node\.js/);
  });

  it('refuses models that cannot be loaded', async () => {
    expect((await profile('--model', 'baseline:mell')).status).toBe(2);
  });

  it('needs a model', async () => {
    const { status, err } = await profile();
    expect([status, err]).toEqual([2, expect.stringContaining("required option '--model <plugin:model>'")]);
  });
});
