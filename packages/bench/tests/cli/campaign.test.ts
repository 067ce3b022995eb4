import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { fakePlugin } from '../../../../tests/support/fake-run.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { writeToneTask } from '../../../../tests/support/tone-task.js';

const newFolder = temporaryFolders();
let root: string;
let common: string[];

beforeEach(async () => {
  root = await newFolder();
  await writeToneTask(join(root, 'tasks', 'one'));
  common = ['--out', join(root, 'out'), '--cache', join(root, 'cache')];
});

const ofTasks = () => ['--tasks', join(root, 'tasks'), '--probe', 'linear', ...common];

interface Row {
  readonly model: string;
  readonly name?: string;
  readonly evaluation?: string;
  readonly scores: unknown;
  readonly file: string;
}

async function rows(...args: string[]): Promise<Row[]> {
  const { status, out, err } = await hearken('run', ...args, '--json');
  expect([status, err]).toEqual([0, err]);
  return JSON.parse(out) as Row[];
}

async function campaign(text: string): Promise<string> {
  const path = join(root, 'campaign.yaml');
  await writeFile(path, text);
  return path;
}

describe('options of several models', () => {
  it('belong to the model that they name', async () => {
    const models = ['--model', 'baseline:mel', '--model', fakePlugin];
    const found = await rows(
      ...models,
      '--options',
      `${fakePlugin}={"scale":2}`,
      '--provider',
      'baseline:mel=cpu',
      ...ofTasks(),
    );
    expect(found.map(({ model }) => model)).toEqual(['baseline:mel', 'fake:small']);
    expect(found[1].file).toMatch(/\.[0-9a-f]{8}\.json$/);
  });

  it('give the same model several rows, told apart by name', async () => {
    const models = ['--model', `plain=${fakePlugin}`, '--model', `double=${fakePlugin}`];
    const args = [...models, '--options', 'double={"scale":2}', ...ofTasks()];
    const found = await rows(...args);
    expect(found.map(({ model, name }) => [model, name])).toEqual([
      ['fake:small', 'plain (fake:small)'],
      ['fake:small', 'double (fake:small)'],
    ]);
    expect(new Set(found.map(({ file }) => file)).size).toBe(2);
    const { out, err } = await hearken('run', ...args);
    expect(out).toMatch(/plain \(fake:small\)[^]*double \(fake:small\)/);
    expect(err).toMatch(/Job 2 of 2: double on tone/);
  });

  it.each([
    [['--checkpoint', 'x.pt'], "--checkpoint 'x.pt' with 2 models", 'MODEL one of baseline:mel, hear'],
    [['--checkpoint', 'hea=x.pt'], "no model 'hea'", "did you mean 'hear'?"],
    [['--options', '{"a":1}'], '--options', 'no model that it belongs to'],
    [['--options', 'hear={'], "--options '{'", 'Not JSON'],
    [['--options', 'hear=[1]'], 'Not a JSON object', 'to do:  pass a JSON object'],
    [['--weights', 'ema'], "--weights 'ema' with 2 models", 'MODEL=VALUE'],
    [['--provider', 'cuda'], "--provider 'cuda' with 2 models", 'MODEL=VALUE'],
    [['--provider', 'hear=cud'], 'no such execution provider', "did you mean 'cuda'?"],
    [['--weights', 'hear=a', '--weights', 'hear=b'], "two: 'a' and 'b'", 'for hear'],
    [['--model', 'x=hear', '--model', 'x=baseline'], "another model of that name, 'hear'", 'a name of its own'],
  ])('%j is refused', async (more, ...said) => {
    const { status, err } = await hearken('run', '--model', 'baseline:mel', '--model', 'hear', '--tasks', 'x', ...more);
    expect(status).toBe(2);
    for (const text of said) expect(err).toContain(text);
  });
});

describe('a campaign file', () => {
  it('gives the results of single runs, whatever the current folder is', async () => {
    await mkdir(join(root, 'alone'));
    const path = await campaign(`
models:
  - baseline:mel
  - { model: '${fakePlugin}', name: double, options: { scale: 2 } }
tasks: [tasks]
evaluations: [linear, { probe: logreg, seeds: 2 }]
out: together
`);
    const together = await rows(path, '--cache', join(root, 'cache'));
    expect(together.map(({ name, model, evaluation }) => [name ?? model, evaluation])).toEqual([
      ['baseline:mel', 'linear'],
      ['baseline:mel', 'logreg, 2 seeds'],
      ['double (fake:small)', 'linear'],
      ['double (fake:small)', 'logreg, 2 seeds'],
    ]);
    expect(together[0].file.startsWith(join(root, 'together'))).toBe(true);
    const single: Row[] = [];
    for (const model of [
      ['--model', 'baseline:mel'],
      ['--model', fakePlugin, '--options', '{"scale":2}'],
    ]) {
      for (const probe of [
        ['--probe', 'linear'],
        ['--probe', 'logreg', '--seeds', '2'],
      ]) {
        const where = ['--out', join(root, 'alone'), '--cache', join(root, 'cache 2')];
        single.push(...(await rows(...model, ...probe, '--tasks', join(root, 'tasks'), ...where)));
      }
    }
    expect(single.map(({ scores }) => scores)).toEqual(together.map(({ scores }) => scores));
    const names = async (folder: string) => (await readdir(join(root, folder), { recursive: true })).sort();
    expect(await names('together')).toEqual(await names('alone'));
  });

  it('shares a results folder with another one', async () => {
    const one = await campaign(`models: [${fakePlugin}]\ntasks: [tasks]\nevaluations: [linear]`);
    const first = await rows(one, ...common);
    const other = await campaign(
      `models: [{model: ${fakePlugin}, options: {scale: 3}}]\ntasks: [tasks]\nevaluations: [linear]`,
    );
    const second = await rows(other, ...common);
    expect(second[0].file).not.toBe(first[0].file);
    const files = await readdir(join(root, 'out'), { recursive: true });
    expect(files.filter((name) => name.endsWith('.json'))).toHaveLength(2);
  });

  it('is refused with what it says itself, and where it is wrong', async () => {
    const path = await campaign('models: [baseline]\ntasks: [tasks]\nprobe: linear');
    const wrong = await hearken('run', path);
    expect(wrong.status).toBe(2);
    expect(wrong.err).toContain(`Error: campaign '${path}'\n  found:  line 3: probe is not a field of a campaign file`);
    for (const [flag, value] of [
      ['--model', 'hear'],
      ['--tasks', 'x'],
      ['--probe', 'knn'],
      ['--seeds', '3'],
      ['--extension', 'x'],
    ]) {
      const { status, err } = await hearken('run', path, flag, value);
      expect([status, err]).toEqual([2, expect.stringContaining(`${flag} with campaign file '${path}'`)]);
    }
    const folder = await hearken('run', join(root, 'tasks'));
    expect(folder.err).toContain('a name that does not end in .yaml, .yml or .json');
    expect((await hearken('run', 'no.yaml')).err).toContain("campaign 'no.yaml'\n  found:  no such file");
    expect((await hearken('run', '--tasks', 'x')).err).toContain(
      "required option '--model <plugin:model>' not specified",
    );
  });

  it('tells a mistyped model and probe before anything is computed', async () => {
    const path = await campaign(`models: [${fakePlugin}, basline]\ntasks: [tasks]\nevaluations: [linear]`);
    const { status, err, out } = await hearken('run', path, ...common);
    expect(status).toBe(1);
    expect(err).toMatch(/basline: failed\n[^]*did you mean 'baseline'[^]*Job 1 of 2/);
    expect(out).toMatch(/fake:small[^]*\(all\) .*basline .*failed/);
    const probe = await campaign(`models: [${fakePlugin}]\ntasks: [tasks]\nevaluations: [linear, lineer]`);
    const refused = await hearken('run', probe, ...common);
    expect([refused.status, refused.err]).toEqual([2, expect.stringContaining("did you mean 'linear'?")]);
  });
});
