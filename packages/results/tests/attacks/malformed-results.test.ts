import { cp, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakePlugin } from '../../../../tests/support/fake-run.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolder, made, folder, forge } from './result-forgery.js';

/* Results are JSON that anybody may edit: what a forger would change is `any` here. */
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */

describe('other commands on a malformed result', () => {
  it('compare, report and submit name it or pass over it, and never end in a fault of ours', async () => {
    await forge('tones', ({ result }) => {
      delete result.model;
    });
    await forge('events', ({ result }) => {
      result.folds[0].scores = null;
      result.extensions = { toString: 1 };
    });
    const path = join(folder, 'tones-v1-full.json');
    for (const args of [
      ['compare', path, path],
      ['compare', join(folder, 'events-v1-full.json'), path],
      ['compare', folder, folder],
      ['report', folder, '--out', join(folder, 'site')],
      ['submit', folder, '--protocol', 'hear-2021', '--out', join(folder, 'repository')],
      ['protocols', 'score', folder, '--protocol', 'hear-2021'],
    ]) {
      const { err, out, status } = await hearken(...args);
      expect([0, 1, 2], args[0]).toContain(status);
      expect(`${args[0]}: ${err}${out}`).not.toMatch(/TypeError|Cannot read|is not iterable|undefined/);
    }
  });

  it('run computes again what it cannot read, and leaves the others', async () => {
    const out = join(await temporaryFolder(), 'out');
    await cp(join(made, 'out'), out, { recursive: true });
    const [model] = await readdir(out);
    const path = join(
      out,
      model,
      (await readdir(join(out, model))).find((file) => /^tones.*\.json$/.test(file))!,
    );
    const result = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...result, evaluation: { probe: {} }, extensions: 5 }));
    const { status, err } = await hearken(
      ...['run', '--model', fakePlugin, '--tasks', join(made, 'tasks', 'tones'), '--threads', '1'],
      ...['--probe', 'linear', '--grid', 'faster', '--grid-points', '1', '--out', out, '--cache', join(made, 'cache')],
    );
    expect(err).not.toMatch(/TypeError/);
    expect(status).toBe(0);
    expect((await hearken('verify', out)).status).toBe(0);
  });
});
