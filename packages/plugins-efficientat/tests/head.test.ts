import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getSceneLogits, getTimestampLogits, signalBatch } from '@hearken/core';
import { audioSetLabels, GraphBuilder, weight } from '@hearken/onnx';
import { createNodeSession, openModelFiles } from '@hearken/onnx/node';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.js';
import { checkpointHead } from '../src/model-graph.js';
import { variants } from '../src/models.js';
import { Network } from '../src/network.js';
import { selectNetwork } from '../src/variant.js';
import { expectClose } from '../../../tests/support/expect-close.js';
import { readNpy } from '../../../tests/support/npy.js';
import { describeRealFixtures, describeTrainingFixtures } from '../../../tests/support/real-fixtures.js';
import { readSafetensor } from '../../../tests/support/safetensors.js';
import { fixture } from './fixture.js';
import { withFile, writeRandomCheckpoint } from './random-checkpoint.js';

/** The case `classifier` ends with the logits of PyTorch. */
function testClassifier(folder: string, checkpoint: string): void {
  it('answers with the logits of PyTorch', async () => {
    const embedder = await plugin.loadModel(join(folder, checkpoint));
    try {
      const signals = signalBatch([readNpy(join(folder, 'classifier.input.npy')).data]);
      const { data, size } = await getSceneLogits(signals, embedder);
      expect(size).toBe(527);
      expectClose('logits', data, readNpy(join(folder, 'classifier.scene.npy')).data.slice(-size));
    } finally {
      await embedder.dispose();
    }
  });
}

describe('the head of a portable checkpoint', () => {
  testClassifier(fixture('.'), 'mn01_as.pt');

  it("has AudioSet's labels, and answers over time like the embedding of logits", async () => {
    const embedder = await plugin.loadModel(fixture('mn01_as.pt'));
    const asEmbedding = await plugin.loadModel(fixture('mn01_as.pt'), { features: 'logits' });
    expect(embedder.head).toMatchObject({ size: 527, kind: 'multilabel', labels: audioSetLabels });
    const signals = signalBatch([readNpy(fixture('clip-2s.input.npy')).data]);
    const logits = await getTimestampLogits(signals, embedder);
    const embeddings = await plugin.getTimestampEmbeddings(signals, asEmbedding);
    expect(logits.data).toEqual(embeddings.data);
    expect(logits.timestamps).toEqual(embeddings.timestamps);
    await asEmbedding.dispose();
    await embedder.dispose();
    await expect(getSceneLogits(signals, embedder)).rejects.toThrow(/disposed/);
  });
});

describe('the head of a made-up checkpoint', () => {
  it('has no names for five labels, of which one holds', async () => {
    await withFile('five.safetensors', async (path) => {
      writeRandomCheckpoint(path, 'mn01_as', {
        'classifier.5.weight': { shape: [5, 128] },
        'classifier.5.bias': { shape: [5] },
      });
      const embedder = await plugin.loadModel(path);
      expect(embedder.head).toMatchObject({ size: 5, kind: 'multiclass' });
      expect(embedder.head?.labels).toBeUndefined();
      await embedder.dispose();
    });
  });

  it('is missing where the classifier is, which says what was looked for', async () => {
    await withFile('none.safetensors', async (path) => {
      writeRandomCheckpoint(path, 'mn01_as', { 'classifier.5.weight': null, 'classifier.5.bias': null });
      const embedder = await plugin.loadModel(path);
      const signals = signalBatch([new Float32Array(32_000)]);
      await expect(getSceneLogits(signals, embedder)).rejects.toThrow(/no tensor 'classifier.5.weight'/);
      await embedder.dispose();
    });
  });
});

describeRealFixtures('efficientat', 'the head of released mn04_as weights', (folder) => {
  testClassifier(folder, 'mn04_as.pt');
});

describeTrainingFixtures('efficientat', 'the head of a fine-tuned checkpoint', (folder) => {
  it('answers a spectrogram with the logits of PyTorch', async () => {
    const { run } = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as {
      run: { evaluationLogits: number[][] };
    };
    const files = await openModelFiles(join(folder, 'finetuned.pt'));
    const network = selectNetwork(files.checkpoint, undefined);
    const head = checkpointHead(network)!;
    const graph = new GraphBuilder('network');
    const { data, shape } = readSafetensor(join(folder, 'data.safetensors'), 'logMel');
    const [, , bands, frames] = shape;
    const logMel = graph.input('logMel', ['n', bands, frames]);
    const source = (name: string, size: readonly number[]) => weight(graph, network, name, size, 'this model');
    const features = new Network(graph, { ...variants.mn01_as, melBands: bands }, head, source).build(logMel);
    graph.output('logits', features.get('logits')!.make(), ['n', head.classes]);
    const session = await createNodeSession(graph.build(), { external: files.external });
    const count = run.evaluationLogits.length;
    const input = { data: data.slice(-count * bands * frames), shape: [count, bands, frames] };
    const { logits } = await session.run({ logMel: input });
    await session.dispose();
    const expected = Float32Array.from(run.evaluationLogits.flat());
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expectClose('fine-tuned logits', logits.data as Float32Array, expected, 1e-4 * largest);
  });
});
