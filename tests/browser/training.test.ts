// Gradients in Chromium, made and computed there: layers against Node.js, and one batch of each family against PyTorch.
import { fromBinary } from '@bufbuild/protobuf';
import { differentiate } from '@hearken/train';
import type { Tensor } from '@hearken/onnx';
import { ModelProtoSchema } from '@hearken/onnx/internal';
import { createNodeSession } from '@hearken/onnx/node';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { trainingBatches as efficientAt } from '../../packages/plugins-efficientat/tests/training-batches.js';
import { trainingBatches as hear } from '../../packages/plugins-hear/tests/training-batches.js';
import { trainingBatches as hubertEcg } from '../../packages/plugins-hubert-ecg/tests/training-batches.js';
import { trainingBatches as patchMix } from '../../packages/plugins-patchmix/tests/training-batches.js';
import { layers } from '../../packages/train/tests/support/random-graphs.js';
import { randomModel } from '../../packages/train/tests/support/random-model.js';
import { expectBatch } from '../support/training-batch.js';
import { describeTrainingFixtures, deviation } from '../support/training-fixtures.js';
import { buildPage } from './build-page.js';
import { describeInChromium, launchChromium } from './chromium.js';
import { serve, type Site } from './serve.js';
import type { PlainStep, TrainingCalls } from './training-page/main.js';
import { fromPlain, toBase64, toPlain } from './training-page/plain-tensors.js';

/** What most of each family's model is trained in. */
const families = [
  { name: 'hubert-ecg', batches: hubertEcg, mode: 'everything' },
  { name: 'patchmix', batches: patchMix, mode: 'patchmix_cl' },
  { name: 'efficientat', batches: efficientAt, mode: 'train' },
  { name: 'hear', batches: hear, mode: 'last-block+lora' },
];

describeInChromium('training in Chromium', () => {
  let browser: Browser;
  let site: Site;
  let page: Page;
  const folders: Record<string, string> = {};
  const problems: string[] = [];

  beforeAll(async () => {
    folders[''] = await buildPage('tests/browser/training-page');
    browser = await launchChromium();
    site = await serve({ isolated: false, folders });
    page = await browser.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`${site.url}/`);
    await page.waitForFunction(() => 'calls' in globalThis);
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  async function runInChromium(
    { model, ...step }: Omit<PlainStep, 'model' | 'inputs'> & { readonly model: Uint8Array },
    inputs: Readonly<Record<string, Tensor>>,
  ): Promise<Record<string, Tensor>> {
    const found = await page.evaluate(
      (given) => (globalThis as unknown as { calls: TrainingCalls }).calls.step(given),
      {
        ...step,
        model: toBase64(model),
        inputs: toPlain(inputs),
      },
    );
    expect(problems).toEqual([]);
    return fromPlain(found);
  }

  it.each(Object.keys(layers))('computes the gradients of %s', async (name) => {
    const { model, parameters } = randomModel({
      shape: [2, 3, 4],
      layers: [
        { name: 'tanh', choice: 0 },
        { name, choice: 4 },
      ],
      seed: 3,
    });
    const options = { loss: 'loss', parameters: [...parameters.keys()] };
    const session = await createNodeSession(differentiate(model, options).model, { threads: 1 });
    const expected = await session.run(Object.fromEntries(parameters));
    await session.dispose();
    const found = await runInChromium({ model, options }, Object.fromEntries(parameters));
    expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
    for (const [output, { data }] of Object.entries(expected)) {
      const far = deviation(found[output].data as Float32Array, data as Float32Array);
      expect([output, far < 1e-5, far]).toEqual([output, true, far]);
    }
  });

  for (const { name, batches, mode } of families) {
    describeTrainingFixtures(name, `one batch of ${name}`, (folder) => {
      it(`computes ${mode}`, async () => {
        await expectBatch(await batches(folder).batch(mode), ({ model, options, external }, _, inputs) => {
          folders[name] = external.folder!;
          const weights: Record<string, string> = {};
          for (const file of weightFiles(model)) weights[file] = `${name}/${encodeURIComponent(file)}`;
          return runInChromium({ model, options, weights }, inputs);
        });
      });
    });
  }
});

/** The files that a model's weights are in. */
function weightFiles(model: Uint8Array): Set<string> {
  const { initializer } = fromBinary(ModelProtoSchema, model).graph!;
  const entries = initializer.flatMap(({ externalData }) => externalData);
  return new Set(entries.filter(({ key }) => key === 'location').map(({ value }) => value));
}
