import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { getSceneEmbeddings, signalBatch } from '@hearken/core';
import { GraphBuilder, mean, multiply } from '@hearken/onnx';
import { expect, it } from 'vitest';
import { createNodeRegistry } from '../../src/plugins/plugins.node.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { writeToneTask } from '../../../../tests/support/tone-task.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();

async function writeModel(folder: string): Promise<string> {
  const graph = new GraphBuilder('level');
  const waveform = graph.input('waveform', ['n', 'samples']);
  const squares = graph.node('Concat', [multiply(graph, waveform, waveform), waveform], { attributes: { axis: 1n } });
  graph.output('level', mean(graph, squares, [1], true), ['n', 1]);
  const path = join(folder, 'my.onnx');
  await writeFile(path, graph.build());
  return path;
}

it('takes the path of an ONNX file as a plugin', async () => {
  const folder = await temporaryFolder();
  const path = await writeModel(folder);
  for (const specifier of ['my.onnx', './my.onnx', path, pathToFileURL(path).href]) {
    const plugin = await createNodeRegistry(folder).resolve(specifier);
    expect(plugin.name).toBe('onnx');
    expect(Object.keys(plugin.models)).toEqual(['my']);
  }
  await expect(createNodeRegistry(folder).resolve('./other.onnx')).rejects.toThrow(/there is no such file/);
});

it('validates an ONNX file with options in place of code', async () => {
  const path = await writeModel(await temporaryFolder());
  const options = '{"sampleRate":16000,"input":"waveform","output":"level"}';
  const { status, out } = await hearken('validate', path, '--options', options, '--threads', '1');
  expect(out).toMatch(/onnx:my: \d+ checks passed, 0 failed\n/);
  expect(status).toBe(0);
  const refused = await hearken('validate', path);
  expect(refused.status).toBe(2);
  expect(refused.err).toMatch(/no sample rate/);
});

it('runs tasks with an ONNX file, and tells results of two files apart', async () => {
  const folder = await temporaryFolder();
  const path = await writeModel(folder);
  const task = await writeToneTask(join(folder, 'task'), { clips: 6 });
  const places = ['--out', join(folder, 'out'), '--cache', join(folder, 'cache')];
  const quick = ['--grid', 'faster', '--grid-points', '1', '--threads', '1', '--json'];
  const options = '{"sampleRate":8000,"input":"waveform","output":"level"}';
  const { status, out } = await hearken(
    'run',
    ...['--model', path, '--options', options, '--tasks', task, ...places, ...quick],
  );
  expect(status).toBe(0);
  expect(JSON.parse(out)).toMatchObject([{ task: 'tones', model: 'onnx:my' }]);
});

it('takes what `hearken export` wrote without any option', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'mel.onnx');
  expect((await hearken('export', '--model', 'baseline:mel', '--out', path)).status).toBe(0);
  expect((await readFile(path)).length).toBeGreaterThan(1000);
  const [exported, original] = [
    await (await createNodeRegistry().resolve(path)).loadModel(),
    await (await createNodeRegistry().resolve('baseline')).loadModel(),
  ];
  expect(exported.provenance.model).toBe('mel');
  const signals = signalBatch([Float32Array.from({ length: 40_000 }, (_, index) => 0.5 * Math.sin(index * index))]);
  const [found, wanted] = [await getSceneEmbeddings(signals, exported), await getSceneEmbeddings(signals, original)];
  expect(found.size).toBe(320);
  found.data.forEach((value, index) => expect(value).toBeCloseTo(wanted.data[index], 3));
  await exported.dispose();
  await original.dispose();
});
