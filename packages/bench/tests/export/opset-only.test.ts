import { readFileSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LoadOptions, signalBatch } from '@hearken/core';
import { GraphBuilder, readOnnxHeader } from '@hearken/onnx';
import { createNodeSession } from '@hearken/onnx/node';
import { expect, it } from 'vitest';
import { expectClose } from '../../../../tests/support/expect-close.js';
import { exportModel } from '../../src/export/export-model.node.js';
import { readNpy } from '@hearken/signals';
import { createNodeRegistry } from '../../src/plugins/plugins.node.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
const fixturesOf = (plugin: string) =>
  fileURLToPath(new URL(`../../../plugins-${plugin}/tests/fixtures/`, import.meta.url));

interface Family {
  readonly plugin: string;
  /** Among the plugin's fixtures; a copy of it is loaded, since quantised weights are written beside it. */
  readonly checkpoint?: string;
  readonly options?: LoadOptions;
  /** Operators of the plain export that are none of the standard's. */
  readonly foreign: readonly string[];
  /** A fixture's signal that the graph takes as it is, and PyTorch's embedding of it. */
  readonly reference?: readonly [input: string, scene: string];
}

const transformer = ['MultiHeadAttention'];
const families: Readonly<Record<string, Family>> = {
  baseline: { plugin: 'baseline', foreign: [] },
  'baseline of ECGs': { plugin: 'baseline', options: { model: 'ecg' }, foreign: [] },
  efficientat: {
    plugin: 'efficientat',
    checkpoint: 'mn01_as.pt',
    options: { features: ['b5', 'b11', 'b13', 'b15', 'mel_avgs'] },
    foreign: [],
    reference: ['clip-2s.input.npy', 'clip-2s.scene.npy'],
  },
  hear: {
    plugin: 'hear',
    checkpoint: '.',
    foreign: ['FastGelu', 'MultiHeadAttention'],
    reference: ['speech.input.npy', 'speech.scene.npy'],
  },
  'hear in int8': {
    plugin: 'hear',
    checkpoint: '.',
    options: { precision: 'int8' },
    foreign: ['FastGelu', 'MatMulIntegerToFloat', 'MultiHeadAttention'],
  },
  'hubert-ecg': { plugin: 'hubert-ecg', checkpoint: 'hf', foreign: transformer },
  'hubert-ecg in int8': {
    plugin: 'hubert-ecg',
    checkpoint: 'hubert_ecg_tiny.pt',
    options: { precision: 'int8' },
    foreign: ['MatMulIntegerToFloat', 'MultiHeadAttention'],
  },
  patchmix: {
    plugin: 'patchmix',
    checkpoint: 'best.pth',
    foreign: transformer,
    reference: ['cycle-2.4s.input.npy', 'cycle-2.4s.scene.npy'],
  },
  ast: {
    plugin: 'patchmix',
    checkpoint: 'hf-ast',
    foreign: transformer,
    reference: ['hf-ast-6s.input.npy', 'hf-ast-6s.scene.npy'],
  },
};

it.each(Object.entries(families))(
  'writes %s in standard operators alone, which answer as the model does',
  async (_, { plugin: name, checkpoint, options = {}, foreign, reference }) => {
    const folder = await temporaryFolder();
    if (checkpoint !== undefined) await cp(fixturesOf(name), join(folder, 'fixtures'), { recursive: true });
    const plugin = await createNodeRegistry().resolve(name);
    const embedder = await plugin.loadModel(
      checkpoint === undefined ? undefined : join(folder, 'fixtures', checkpoint),
      options,
    );
    const [plain, standard] = [join(folder, 'plain.onnx'), join(folder, 'standard.onnx')];
    const { foreignOperators } = await exportModel(embedder, plain);
    expect(foreignOperators.map((operator) => operator.name)).toEqual(foreign);
    expect((await exportModel(embedder, standard, { opsetOnly: true })).foreignOperators).toEqual([]);

    const header = readOnnxHeader(await readFile(standard), standard);
    expect([...header.opsets.keys()]).toEqual(['']);
    expect(header.operatorDomains).toEqual([]);
    expect(header.metadata.get('operators')).toBe('ONNX standard only');
    for (const file of [plain, standard]) {
      expect(readOnnxHeader(await readFile(file), file).outputs[0]).toMatchObject({
        name: 'embedding',
        shape: ['n', embedder.sceneEmbeddingSize],
      });
    }

    const { signalShape } = embedder.graph!;
    const size = signalShape.reduce((product, dimension) => product * dimension, 1);
    const signals = [0.3, 0.01, 0.1].map((scale) =>
      Float32Array.from({ length: size }, (__, index) => scale * Math.sin(index * index * 0.37)),
    );
    const session = await createNodeSession(await readFile(standard), { threads: 1 });
    for (const batch of [signals, signals.slice(1, 2)]) {
      const { data } = signalBatch(batch, embedder.channels);
      const { embedding } = await session.run({ signal: { data, shape: [batch.length, ...signalShape] } }, [
        'embedding',
      ]);
      const expected = await plugin.getSceneEmbeddings(signalBatch(batch, embedder.channels), embedder);
      expect(embedding.shape).toEqual([batch.length, embedder.sceneEmbeddingSize]);
      if (options.precision === 'int8') {
        // Rounding can move a value to the next of 256 steps.
        expect(farthest(embedding.data as Float32Array, expected.data)).toBeLessThan(2e-2);
      } else expectClose(`${name} exported`, embedding.data as Float32Array, expected.data);
    }
    if (reference !== undefined) {
      const [input, scene] = reference.map((file) => readNpy(readFileSync(join(fixturesOf(name), file)), file).data);
      const { embedding } = await session.run({ signal: { data: input, shape: [1, input.length] } }, ['embedding']);
      expectClose(`${name} against PyTorch`, embedding.data as Float32Array, scene);
    }
    await session.dispose();
    await embedder.dispose();
  },
);

function farthest(found: Float32Array, expected: Float32Array): number {
  expect(found).toHaveLength(expected.length);
  return expected.reduce((most, value, index) => Math.max(most, Math.abs(value - found[index])), 0);
}

it('says which operators are outside the standard, and writes an exported file again without them', async () => {
  const folder = await temporaryFolder();
  const [plain, standard] = [join(folder, 'plain.onnx'), join(folder, 'standard.onnx')];
  const checkpoint = join(fixturesOf('hubert-ecg'), 'hf');
  const first = await hearken('export', '--model', 'hubert-ecg:base', '--checkpoint', checkpoint, '--out', plain);
  expect(first.out).toMatch(
    /plain\.onnx: \d\.\d MB; loaded alone, it differs .*\nOperators outside the ONNX standard: com\.microsoft MultiHeadAttention \(\d+\)\. --opset-only replaces them\.\n$/,
  );
  expect(readOnnxHeader(await readFile(plain), plain).metadata.get('operators')).toMatch(
    /^besides the ONNX standard: com\.microsoft MultiHeadAttention \(\d+\)$/,
  );
  const second = await hearken('export', '--model', plain, '--out', standard, '--opset-only');
  expect(second.out).toMatch(/standard\.onnx: .*\nAll operators are in the ONNX standard\.\n$/);
  expect(second.status).toBe(0);
  expect(readOnnxHeader(await readFile(standard), standard).foreignOperators).toEqual([]);
  // What the first file said of itself is replaced, not said twice.
  const [said, ...further] = (await readFile(standard, 'latin1')).split('checkpointSha256').slice(1);
  expect([said.length > 0, further]).toEqual([true, []]);
  expect(readOnnxHeader(await readFile(standard), standard).metadata.get('operators')).toBe('ONNX standard only');
});

it('names the operators that have no standard form, and writes nothing', async () => {
  const folder = await temporaryFolder();
  const graph = new GraphBuilder('own');
  const signal = graph.input('signal', ['n', 'samples']);
  const padded = graph.node('BiasSplitGelu', [graph.node('Relu', [signal])], { domain: 'com.microsoft' });
  graph.output('embedding', padded, ['n', 1]);
  const file = join(folder, 'own.onnx');
  await writeFile(file, graph.build());
  const embedder = {
    ...(await (await createNodeRegistry().resolve('baseline')).loadModel()),
    provenance: { plugin: 'onnx', pluginVersion: '1', model: 'own', checkpointSha256: null, options: {}, backend: 'x' },
    graph: { model: graph.build(), signalShape: [8] },
  };
  const out = join(folder, 'standard.onnx');
  await expect(exportModel(embedder, out, { opsetOnly: true })).rejects.toThrow(/com\.microsoft BiasSplitGelu, which/);
  await expect(readFile(out)).rejects.toThrow(/ENOENT/);
});

it('takes an older export, whose first output was no embedding', async () => {
  const folder = await temporaryFolder();
  const graph = new GraphBuilder('older');
  const signal = graph.input('signal', ['n', 8000]);
  const framed = graph.node('Reshape', [signal, graph.integers([0, 80, 100])]);
  graph.output('tokens', framed, ['n', 80, 100]);
  const means = graph.node('ReduceMean', [framed, graph.integers([1])], { attributes: { keepdims: 0n } });
  graph.output('embedding', means, ['n', 100]);
  const file = join(folder, 'older.onnx');
  await writeFile(file, graph.build());
  const plugin = await createNodeRegistry().resolve(file);
  const embedder = await plugin.loadModel(undefined, { sampleRate: 8000 });
  expect(embedder.sceneEmbeddingSize).toBe(100);
  expect(embedder.provenance.options.output).toBe('embedding');
  await embedder.dispose();
});
