import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CheckpointError, OptionError } from '@hearken/core';
import { type ExternalTensor, GraphBuilder } from '@hearken/onnx';
import { expect, it } from 'vitest';
import plugin from '../src/index.js';
import { openOnnxFile as openInBrowser } from '../src/open-onnx-file.web.js';
import { madeUpModel, modelFolder } from './made-up-models.js';

const write = modelFolder();

async function refusal(bytes: Uint8Array, options: Record<string, unknown> = { sampleRate: 16_000 }): Promise<unknown> {
  const path = await write('model.onnx', bytes);
  return plugin.loadModel(path, options).then(
    () => undefined,
    (error: unknown) => error,
  );
}

it('asks for the sample rate, which an ONNX file does not say', async () => {
  const error = await refusal(madeUpModel(), {});
  expect(error).toBeInstanceOf(OptionError);
  expect(String(error)).toMatch(/no sample rate.*"sampleRate":16000/);
});

it.each([
  [{ input: 'wave' }, /input 'wave' of .*its inputs are waveform float32 \[n, samples\].*pass one of these/],
  [{ output: 'embeding' }, /its outputs are embedding float32 \[n, 3\].*did you mean 'embedding'/],
  [{ channels: 12 }, /\[n, samples\] for 12 channels \(inputs: waveform float32/],
  [{ sampleRate: 1.5 }, /option sampleRate 1.5: not a whole number/],
  [{ input: '' }, /option input "": not a name/],
  [{ window: 1 }, /one sample/],
])('refuses options %o and lists what the file has', async (options, message) => {
  expect(String(await refusal(madeUpModel(), { sampleRate: 16_000, ...options }))).toMatch(message);
});

it('asks how many channels there are where the shape gives a name in their place', async () => {
  const bytes = madeUpModel({ input: ['n', 'channels', 'samples'] });
  const error = await refusal(bytes);
  expect(error).toBeInstanceOf(OptionError);
  expect(String(error)).toMatch(/of any number of channels.*"channels":1/s);
  expect(String(await refusal(bytes, { sampleRate: 16_000, channels: 2 }))).not.toMatch(/of any number of channels/);
});

it('refuses a window where the input has its own length', async () => {
  const error = await refusal(madeUpModel({ input: ['n', 16_000] }), { sampleRate: 16_000, window: 8000 });
  expect(String(error)).toMatch(/input 'waveform', which always has 16000 samples/);
});

it('refuses features where a waveform belongs', async () => {
  const error = await refusal(madeUpModel({ input: ['n', 1, 128, 'frames'] }));
  expect(error).toBeInstanceOf(CheckpointError);
  expect(String(error)).toMatch(/\[n, 1, 128, frames\].*put the front end before it/);
});

it('refuses two inputs, other types than float32, and operators of other libraries', async () => {
  const two = new GraphBuilder('two');
  two.output('embedding', two.node('Add', [two.input('a', ['n', 4]), two.input('b', ['n', 4])]), ['n', 4]);
  expect(String(await refusal(two.build()))).toMatch(/its inputs are a float32 \[n, 4\]; b float32 \[n, 4\]/);
  expect(String(await refusal(two.build(), { sampleRate: 16_000, input: 'a' }))).toMatch(/2 required inputs/);

  const half = new GraphBuilder('half');
  half.output('embedding', half.node('Neg', [half.input('a', ['n', 4], 'float16')]), ['n', 4], 'float16');
  expect(String(await refusal(half.build()))).toMatch(/'a' of float16/);

  const custom = new GraphBuilder('custom');
  const value = custom.node('Magic', [custom.input('a', ['n', 4])], { domain: 'my.ops' });
  custom.output('embedding', value, ['n', 4]);
  expect(String(await refusal(custom.build()))).toMatch(/operators of 'my.ops'/);
});

it('refuses what is no ONNX file, or half of one', async () => {
  const model = madeUpModel();
  for (const bytes of [new TextEncoder().encode('{"not": "a model"}'), model.subarray(0, model.length / 2)]) {
    expect(await refusal(bytes)).toBeInstanceOf(CheckpointError);
  }
});

function withExternal(change: Partial<ExternalTensor>): Uint8Array {
  const graph = new GraphBuilder('external');
  const weights = {
    name: 'scale',
    dataType: 'float32',
    shape: [4],
    offset: 4,
    byteLength: 16,
    location: 'w.bin',
  } as const;
  const scaled = graph.node('Mul', [graph.input('waveform', ['n', 4]), graph.external({ ...weights, ...change })]);
  graph.output('embedding', scaled, ['n', 4]);
  return graph.build();
}

it('reads external data beside the file, and puts their hash into its own', async () => {
  const path = await write('external.onnx', withExternal({}));
  await write('w.bin', new Uint8Array(Float32Array.of(9, 1, 2, 3, 4).buffer));
  const embedder = await plugin.loadModel(path, { sampleRate: 16_000 });
  const signals = { data: Float32Array.of(1, 1, 1, 1), count: 1, channels: 1, samples: 4 };
  expect([...(await embedder.embedScenes(signals)).data]).toEqual([1, 2, 3, 4]);
  const before = embedder.provenance.checkpointSha256;
  await embedder.dispose();
  await write('w.bin', new Uint8Array(Float32Array.of(9, 1, 2, 3, 5).buffer));
  const other = await plugin.loadModel(path, { sampleRate: 16_000 });
  expect(other.provenance.checkpointSha256).not.toBe(before);
  await other.dispose();
});

it.each(['../w.bin', '/etc/passwd', 'C:\\w.bin', 'a/../../w.bin', 'a\\..\\w.bin', ''])(
  "refuses external data in '%s'",
  async (location) => {
    const error = await refusal(withExternal({ location }));
    expect(error).toBeInstanceOf(CheckpointError);
    expect(String(error)).toMatch(/external data of 'checkpoint\/scale'/);
  },
);

it('refuses external data that are missing, too short, or a link out of the folder', async () => {
  expect(String(await refusal(withExternal({ location: 'nowhere.bin' })))).toMatch(/'nowhere.bin' missing/);
  await write('w.bin', new Uint8Array(8));
  expect(String(await refusal(withExternal({})))).toMatch(/up to byte 20 of 'w.bin', which has 8/);
  const inner = dirname(await write('here', new Uint8Array(1)));
  await mkdir(join(inner, 'sub'));
  await symlink(join(inner, 'w.bin'), join(inner, 'sub', 'w.bin'));
  const path = join(inner, 'sub', 'model.onnx');
  await writeFile(path, withExternal({}));
  await expect(plugin.loadModel(path, { sampleRate: 16_000 })).rejects.toThrow(/a link to a file outside its folder/);
});

it('opens files that a page is given, external data among them', async () => {
  const data = new File([new Uint8Array(20)], 'w.bin');
  const model = new File([withExternal({ location: 'weights/w.bin' }) as Uint8Array<ArrayBuffer>], 'net.onnx');
  const opened = await openInBrowser([data, model]);
  expect([...(opened.external.files ?? [])]).toEqual([['weights/w.bin', data]]);
  expect(await opened.sha256()).toMatch(/^[0-9a-f]{64}$/);
  await expect(openInBrowser([model])).rejects.toThrow(/missing/);
  await expect(openInBrowser([model, new File([], 'b.onnx')])).rejects.toThrow(/2 ONNX files among 2/);
});
