// Gradients in Chromium, made and computed there, against the same in Node.js.
import { differentiate } from '@hearken/train';
import { createNodeSession } from '@hearken/onnx/node';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { layers } from '../../packages/train/tests/support/random-graphs.js';
import { randomModel } from '../../packages/train/tests/support/random-model.js';
import { deviation } from '../support/training-fixtures.js';
import { buildPage } from './build-page.js';
import { describeInChromium, launchChromium } from './chromium.js';
import { serve, type Site } from './serve.js';
import type { PlainTensors, TrainingCalls } from './training-page/main.js';

describeInChromium('training in Chromium', () => {
  let browser: Browser;
  let site: Site;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    const folder = await buildPage('tests/browser/training-page');
    browser = await launchChromium();
    site = await serve({ isolated: false, folders: { '': folder } });
    page = await browser.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`${site.url}/`);
    await page.waitForFunction(() => 'calls' in globalThis);
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it.each(Object.keys(layers))('computes the gradients of %s', async (name) => {
    const { model, parameters } = randomModel({
      shape: [2, 3, 4],
      layers: [
        { name: 'tanh', choice: 0 },
        { name, choice: 4 },
      ],
      seed: 3,
    });
    const training = differentiate(model, { loss: 'loss', parameters: [...parameters.keys()] });
    const session = await createNodeSession(training.model, { threads: 1 });
    const expected = await session.run(Object.fromEntries(parameters));
    await session.dispose();
    const plain = [...parameters].map(([key, { data, shape }]) => [
      key,
      { data: Array.from(data as Float32Array), shape: [...shape] },
    ]);
    const found = await page.evaluate(
      ([bytes, inputs]) =>
        (globalThis as unknown as { calls: TrainingCalls }).calls.gradients(bytes, inputs as unknown as PlainTensors),
      [[...model], Object.fromEntries(plain)] as [number[], never],
    );
    expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
    for (const [output, { data }] of Object.entries(expected)) {
      const far = deviation(found[output].data, data as Float32Array);
      expect([output, far < 1e-5, far]).toEqual([output, true, far]);
    }
    expect(problems).toEqual([]);
  });
});
