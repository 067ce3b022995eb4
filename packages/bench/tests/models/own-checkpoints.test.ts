import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileSha256 } from '@hearken/core/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '@hearken/results';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { writeToneTask } from '../../../../tests/support/tone-task.js';

const fixture = fileURLToPath(new URL('../../../plugins-efficientat/tests/fixtures/mn01_as.pt', import.meta.url));
const architecture = 'efficientat:mn01_as';

/** The same weights in another file, by a comment at the zip's end. */
async function writeSibling(path: string): Promise<void> {
  const bytes = await readFile(fixture);
  const comment = Buffer.from('made for a test');
  bytes.writeUInt16LE(comment.length, bytes.length - 2);
  await writeFile(path, Buffer.concat([bytes, comment]));
}

describe('two checkpoints of one architecture', () => {
  let folder: string;
  let out: string;
  const hashes: string[] = [];
  const names: string[] = [];
  const run = async (file: string, ...more: string[]) =>
    hearken(
      'run',
      ...['--model', architecture, '--checkpoint', join(folder, file), '--tasks', join(folder, 'task'), '--out', out],
      ...['--cache', join(folder, 'cache'), '--probe', 'linear', '--threads', '1', ...more],
    );

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hearken täsk '));
    out = join(folder, 'results');
    // The name of the published file does not make it the published file.
    await copyFile(fixture, join(folder, 'mn01_as_mAP_298.pt'));
    await writeSibling(join(folder, 'my-run.pt'));
    await writeToneTask(join(folder, 'task'), { clips: 6 });
    for (const file of ['mn01_as_mAP_298.pt', 'my-run.pt']) {
      const sha256 = await fileSha256(join(folder, file));
      hashes.push(sha256);
      names.push(`${file} (sha256 ${sha256.slice(0, 8)}, as ${architecture})`);
      const { status, out: printed, err } = await run(file);
      expect(status, err).toBe(0);
      expect(printed).toContain(names.at(-1));
      expect(err).toContain(`Model ${names.at(-1)}`);
      expect(printed.replaceAll(names.at(-1)!, '')).not.toContain(architecture);
    }
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('have folders of their own, and results that say file, whole hash and counted parameters', async () => {
    const folders = hashes.map((hash) => `efficientat-mn01_as-sha256-${hash.slice(0, 8)}`);
    expect((await readdir(out)).sort()).toEqual([...folders].sort());
    for (const [index, place] of folders.entries()) {
      const [file] = (await readdir(join(out, place))).filter((name) => name.endsWith('.json'));
      const { model } = JSON.parse(await readFile(join(out, place, file), 'utf8')) as Result;
      expect(model).toMatchObject({
        plugin: 'efficientat',
        model: 'mn01_as',
        checkpointSha256: hashes[index],
        checkpoint: { file: ['mn01_as_mAP_298.pt', 'my-run.pt'][index], published: false },
      });
      // Those of the published model are 124,000, the classifier's among them, which is not loaded here.
      expect(model.parameters).toBeGreaterThan(10_000);
      expect(model.parameters).not.toBe(124_000);
    }
  });

  it('are told apart by results, compare, submit and verify', async () => {
    const rows = JSON.parse((await hearken('results', out, '--format', 'json')).out) as { model: string }[];
    expect([...new Set(rows.map(({ model }) => model))].sort()).toEqual([...names].sort());
    const table = await hearken('results', out, '--model', 'efficientat');
    for (const name of names) expect(table.out).toContain(name);
    const compared = await hearken('compare', out, '--json');
    expect(compared.status).toBe(0);
    for (const name of names) expect(compared.out).toContain(name);
    const { status, out: verified } = await hearken('verify', out);
    expect(verified).toMatch(/2 results/);
    expect(status).toBe(0);
  });

  it('have lines of their own in a report, without what is published of the model', async () => {
    const site = join(folder, 'site');
    await writeFile(join(folder, 'names.json'), JSON.stringify({ [architecture]: 'EfficientAT mn01' }));
    const made = await hearken('report', out, '--out', site, '--names', join(folder, 'names.json'));
    expect(made.status, made.err).toBe(0);
    const page = await readFile(join(site, 'index.html'), 'utf8');
    for (const name of names) expect(page).toContain(name);
    expect(page).not.toContain('EfficientAT mn01');
    expect(page).not.toMatch(/124[,.\s]?000|0\.124/);
  });

  it('are finished once they are: also where an earlier version left the result beside the published one', async () => {
    expect((await run('my-run.pt')).err).toContain('already finished');
    const place = join(out, `efficientat-mn01_as-sha256-${hashes[1].slice(0, 8)}`);
    const earlier = join(out, 'efficientat-mn01_as');
    await mkdir(earlier);
    for (const name of await readdir(place)) await rename(join(place, name), join(earlier, name));
    const [file] = (await readdir(earlier)).filter((name) => name.endsWith('.json'));
    const result = JSON.parse(await readFile(join(earlier, file), 'utf8')) as Result;
    const { checkpoint: _checkpoint, parameters: _parameters, ...model } = result.model;
    await writeFile(join(earlier, file), JSON.stringify({ ...result, model }));
    const again = await run('my-run.pt');
    expect(again.status).toBe(0);
    expect(again.err).toContain('already finished');
    expect(again.err).toContain(join('efficientat-mn01_as', file));
    expect(await readdir(place)).toEqual([]);
    const { out: listed } = await hearken('results', earlier, '--format', 'json');
    expect(listed).toContain(`a checkpoint (sha256 ${hashes[1].slice(0, 8)}, as ${architecture})`);
  });

  it('are embedded into folders of their own, and named so by heareval predict and export', async () => {
    const embeddings = join(folder, 'embeddings');
    const options = ['--model', architecture, '--checkpoint', join(folder, 'my-run.pt'), '--threads', '1'];
    const cache = ['--cache', join(folder, 'cache')];
    const made = await hearken(
      'heareval',
      'embed',
      ...options,
      ...cache,
      '--tasks',
      join(folder, 'task'),
      '--out',
      embeddings,
    );
    expect(made.status, made.err).toBe(0);
    const named = `efficientat-mn01_as-sha256-${hashes[1].slice(0, 8)}`;
    expect(await readdir(embeddings)).toEqual([named]);
    const predicted = await hearken(
      'heareval',
      'predict',
      join(embeddings, named),
      ...cache,
      '--probe',
      'linear',
      '--json',
    );
    expect(JSON.parse(predicted.out)).toMatchObject([{ model: named }]);
    const exported = join(folder, 'exported.onnx');
    expect((await hearken('export', ...options, '--out', exported)).status).toBe(0);
    expect(await readFile(exported, 'latin1')).toContain(names[1]);
  });
});
