import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeWav, readNpy } from '@hearken/signals';
import { askYesOrNo } from '../../src/cli/ask.js';
import { fakePlugin } from '../../../../tests/support/fake-run.js';
import { type FileServer, fileServers, serveBytes } from '../../../../tests/support/file-server.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { tone, writeToneTask } from '../../../../tests/support/tone-task.js';

const temporaryFolder = temporaryFolders();
const serve = fileServers();
let folder: string;
let models: string;
let server: FileServer;
let plugin: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  models = join(folder, 'models');
  vi.stubEnv('HEARKEN_MODELS', models);
  vi.stubEnv('HF_TOKEN', '');
  server = await serve((request, response) => {
    if (request.url === '/lost.pt') response.writeHead(404).end();
    else serveBytes(request, response, Buffer.from('3'));
  });
  plugin = join(folder, 'plugin.mjs');
  await writeFile(plugin, pluginSource(server.origin));
});

afterEach(() => {
  vi.unstubAllEnvs();
});

/** The fake plugin with a checkpoint: a file that holds the factor of its embeddings. */
function pluginSource(origin: string): string {
  return `
    import { readFile } from 'node:fs/promises';
    import fake from ${JSON.stringify(pathToFileURL(fakePlugin).href)};
    const model = (file) => ({
      ...fake.models.small, license: 'CC0 (https://example.org/cc0)', paper: 'https://example.org/paper',
      parameters: 1e6, checkpointUrl: ${JSON.stringify(origin)} + file,
    });
    export default {
      ...fake,
      name: 'made',
      models: { up: model('/up.pt'), lost: model('/lost.pt'), plain: fake.models.small },
      async load(path, options) {
        return fake.load(path, { ...options, scale: Number(await readFile(path, 'utf8')) });
      },
    };`;
}

describe('hearken pull', () => {
  it('wants the licence accepted, once, and shows it', async () => {
    const refused = await hearken('pull', plugin);
    expect(refused).toMatchObject({ status: 2, out: '' });
    expect(refused.err).toMatch(/made:up\n {2}licence: CC0.*\n {2}reference: https:\/\/example\.org\/paper/);
    expect(refused.err).toMatch(/pass --accept/);
    expect(server.requests).toEqual([]);
    const path = join(models, 'made-up', 'up.pt');
    expect(await hearken('pull', `${plugin}:up`, '--accept')).toMatchObject({ status: 0, out: `${path}\n` });
    expect(await readFile(path, 'utf8')).toBe('3');
    const again = await hearken('pull', plugin, '--offline', '--json');
    expect(again.status).toBe(0);
    expect(JSON.parse(again.out)).toMatchObject([
      { model: 'made:up', state: 'present', checkpoint: path, files: [{ name: 'up.pt', bytes: 1 }] },
    ]);
    expect(server.requests).toHaveLength(1);
  });

  it('keeps what came where another model fails', async () => {
    const { status, out, err } = await hearken(
      'pull',
      plugin,
      `${plugin}:lost`,
      `${plugin}:plain`,
      '--accept',
      '--json',
    );
    expect(status).toBe(1);
    const states = (JSON.parse(out) as Record<string, unknown>[]).map(({ model, state }) => [model, state]);
    expect(states).toEqual([
      ['made:up', 'downloaded'],
      ['made:lost', 'failed'],
      ['made:plain', 'failed'],
    ]);
    expect(err).toMatch(/HTTP 404/);
    expect(err).toMatch(/no published file/);
  });

  it('of a gated model without a token says where to accept the terms and how to pass it', async () => {
    const { status, err } = await hearken('pull', 'hear', '--accept');
    expect(status).toBe(2);
    expect(err).toMatch(/no token in the environment \(HF_TOKEN\)/);
    expect(err).toMatch(
      /accept the terms at https:\/\/huggingface\.co\/google\/hear-pytorch .*HF_TOKEN=\.\.\. hearken/,
    );
  });

  it.each([
    [['pull'], /missing required argument/],
    [['pull', 'efficientat:mn04'], /did you mean 'mn04_as'/],
    [['pull', 'efficientot'], /did you mean 'efficientat'/],
    [['pull', 'baseline', '--accept'], /no published file/],
    [['pull', 'efficientat:mn04_as', '--offline'], /no verified mn04_as_mAP_432\.pt in/],
    [['pull', 'efficientat:mn04_as', '--accept', '--mirror', 'ftp://mirror'], /the protocol ftp:/],
    [['embed', 'x.wav', '--model', 'efficientat:mn04_as', '--out', 'x.npy'], /hearken pull efficientat:mn04_as/],
    [['validate', 'hear'], /no checkpoint, and none in the folder of pulled models, .*\n.*hearken pull hear:hear/],
  ])('%j has status 2', async (args, message) => {
    const { status, err } = await hearken(...args);
    expect([status, err]).toEqual([2, expect.stringMatching(message)]);
  });
});

describe('a model that was pulled', () => {
  beforeEach(async () => {
    await hearken('pull', plugin, '--accept');
  });

  it('is what embed, run and validate load without a checkpoint', async () => {
    const [file, out] = [join(folder, 'clip.wav'), join(folder, 'scene.npy')];
    await writeFile(file, encodeWav(tone(0.5, 0, 4000), 8000));
    expect(await hearken('embed', file, '--model', plugin, '--out', out)).toMatchObject({ status: 0 });
    expect(readNpy(await readFile(out), out).data[2]).toBeCloseTo((3 * 0.5) / Math.PI, 2);
    const task = await writeToneTask(join(folder, 'task'), { clips: 6 });
    const places = ['--out', join(folder, 'results'), '--cache', join(folder, 'cache')];
    const quick = ['--grid', 'faster', '--grid-points', '1', '--threads', '1'];
    const run = await hearken('run', '--model', plugin, '--tasks', task, ...places, ...quick);
    expect(run).toMatchObject({ status: 0 });
    expect((await hearken('validate', plugin)).out).toMatch(/fake:small: \d+ checks passed/);
  });

  it('gives way to a checkpoint that is passed, and is looked for where it is said to be', async () => {
    const [file, out] = [join(folder, 'clip.wav'), join(folder, 'scene.npy')];
    await writeFile(file, encodeWav(tone(0.5, 0, 4000), 8000));
    const checkpoint = join(folder, 'other.pt');
    await writeFile(checkpoint, '5');
    await hearken('embed', file, '--model', plugin, '--checkpoint', checkpoint, '--out', out);
    expect(readNpy(await readFile(out), out).data[2]).toBeCloseTo((5 * 0.5) / Math.PI, 2);
    const elsewhere = ['--models', join(folder, 'elsewhere')];
    await mkdir(elsewhere[1]);
    expect(await hearken('embed', file, '--model', plugin, '--out', out, ...elsewhere)).toMatchObject({ status: 2 });
  });

  it('is listed as here', async () => {
    const { out } = await hearken('models', plugin);
    const rows = out.split('\n').filter((line) => line.includes('made:'));
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatch(/made:up .* yes .* CC0 +│ https:\/\/example\.org\/paper/);
    expect(rows[1]).toMatch(/made:lost .* 1\.00 M .* ~4\.0 .* to pull /);
    expect(rows[2]).toMatch(/made:plain .* your own /);
    const json = await hearken('models', plugin, '--json');
    expect(JSON.parse(json.out)).toMatchObject([
      { model: 'made:up', checkpoint: join(models, 'made-up', 'up.pt'), bytes: 1 },
      { model: 'made:lost', checkpoint: null, bytes: null },
      { model: 'made:plain', checkpoint: null },
    ]);
  });
});

describe('askYesOrNo', () => {
  async function answer(text: string | undefined, signal?: AbortSignal): Promise<boolean> {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const answered = askYesOrNo('Well?', { input, output }, signal);
    if (text !== undefined) input.end(text);
    return answered;
  }

  it.each([
    ['y\n', true],
    ['YES\n', true],
    [' y \n', true],
    ['n\n', false],
    ['\n', false],
    ['yesterday\n', false],
    ['', false],
  ])('takes %j as %s', async (text, expected) => {
    expect(await answer(text)).toBe(expected);
  });

  it('ends with an abort', async () => {
    const controller = new AbortController();
    const answered = answer(undefined, controller.signal);
    controller.abort(new Error('enough'));
    await expect(answered).rejects.toThrow('enough');
  });
});
