import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import { fakePlugin } from '../../../../tests/support/fake-run.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { writeToneTask } from '../../../../tests/support/tone-task.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const newFolder = temporaryFolders();

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

/** Options that gather what they are given several times. */
const gathering = ['--set', '--extension', '--fail-under'];
/** Options of `run`, `finetune` and `profile` that belong to one of their models. */
const ofModels = ['--model', '--checkpoint', '--options', '--weights', '--provider'];

describe('an option that is given twice', () => {
  const program = createProgram({ stdout: process.stdout, stderr: process.stderr, setExitStatus: () => undefined });
  const singles = everyCommand(program).flatMap((command) =>
    command.options
      .filter(({ required, optional, variadic, long }) => {
        const isOfModel = ['run', 'finetune', 'profile'].includes(command.name()) && ofModels.includes(long ?? '');
        return (required || optional) && !variadic && !gathering.includes(long ?? '') && !isOfModel;
      })
      .map((option) => ({ command, option })),
  );

  it('is refused in every command, or gathered', async () => {
    expect(singles.length).toBeGreaterThan(60);
    for (const { command, option } of singles) {
      const path = [];
      for (let one: Command | null = command; one?.parent; one = one.parent) path.unshift(one.name());
      const [value, other] = option.argChoices ?? (option.parseArg === undefined ? ['x', 'y'] : valuesOf(option.long));
      const flag = option.long ?? '';
      const { status, err } = await hearken(...path, flag, value, flag, other ?? value);
      expect([status, err], `${path.join(' ')} ${flag}`).toEqual([
        2,
        expect.stringMatching(`${flag} with one value\n.*two: `),
      ]);
    }
  });

  it('counts anew in every call', async () => {
    const once = ['tasks', 'make', 'none', '--seed', '1'];
    expect((await hearken(...once)).err).not.toMatch(/with one value/);
    expect((await hearken(...once)).err).not.toMatch(/with one value/);
  });
});

function valuesOf(flag: string | undefined): readonly [string, string] {
  if (['--options', '--measure-here'].includes(flag ?? '')) return ['{"a":1}', '{"b":1}'];
  return ['--pca', '--train-fraction', '--train-fractions'].includes(flag ?? '') ? ['0.5', '0.25'] : ['1', '3'];
}

describe('hearken run with several models', () => {
  it('runs them one after the other, each with its own results', async () => {
    const root = await newFolder();
    const task = await writeToneTask(join(root, 'tasks'));
    const common = ['--tasks', task, '--out', join(root, 'out'), '--cache', join(root, 'cache'), '--probe', 'linear'];
    const models = ['--model', 'baseline:mel', '--model', fakePlugin];
    const { status, out } = await hearken('run', ...models, ...common);
    expect(status).toBe(0);
    expect(out).toMatch(/baseline:mel[^]*fake/);
    expect((await readdir(join(root, 'out'))).filter((name) => !name.startsWith('.'))).toHaveLength(2);
  });

  it('goes on where one fails', async () => {
    const root = await newFolder();
    const task = await writeToneTask(join(root, 'tasks'));
    const common = ['--tasks', task, '--out', join(root, 'out'), '--cache', join(root, 'cache'), '--probe', 'linear'];
    const models = ['--model', 'baseline:none', '--model', 'baseline:mel'];
    const { status, out, err } = await hearken('run', ...models, ...common);
    expect(status).toBe(1);
    expect(err).toMatch(/baseline:none: failed\nError: .*none/);
    expect(out).toMatch(/\(all\) .*baseline:none .*failed[^]*baseline:mel .*top1_acc/);
    const json = await hearken('run', ...models, ...common, '--json');
    expect(JSON.parse(json.out)).toMatchObject([
      { model: 'baseline:none', error: expect.any(String) as string },
      { model: 'baseline:mel', metric: 'top1_acc' },
    ]);
    const neither = await hearken('run', '--model', 'baseline:none', '--model', 'nowhere:at-all', ...common);
    expect(neither.status).toBe(2);
  });

  it('is nothing that other commands do', async () => {
    const { status, err } = await hearken(
      'heareval',
      'embed',
      '--model',
      'baseline:mel',
      '--model',
      'hear',
      '--out',
      'x',
    );
    expect([status, err]).toEqual([2, expect.stringMatching(/two: 'baseline:mel' and 'hear'/)]);
  });
});
