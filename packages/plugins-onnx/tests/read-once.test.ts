import { utimes } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openOnnxFile } from '../src/open-onnx-file.node.js';
import { hashOnce } from '../src/read-once.node.js';
import { madeUpModel, modelFolder } from './made-up-models.js';

const write = modelFolder();

it('reads a file again only where it may have changed', { timeout: 20_000 }, async () => {
  const path = await write('model.onnx', madeUpModel());
  const fresh = await openOnnxFile(path);
  // Too young for its times to be trusted.
  expect((await openOnnxFile(path)).bytes).not.toBe(fresh.bytes);
  await wait(2100);
  const [first, second] = [await openOnnxFile(path), await openOnnxFile(path)];
  expect(second.bytes).toBe(first.bytes);
  expect(await second.sha256()).toBe(await fresh.sha256());
  expect(await hashOnce(path)).toBe(await fresh.sha256());

  await write('model.onnx', madeUpModel({ input: ['n', 16_000] }));
  const changed = await openOnnxFile(path);
  expect(changed.header.inputs[0].shape).toEqual(['n', 16_000]);
  expect(await changed.sha256()).not.toBe(await first.sha256());
});

it('is not misled by times that are set back', { timeout: 20_000 }, async () => {
  const path = await write('model.onnx', madeUpModel());
  await utimes(path, 1e9, 1e9);
  await wait(2100);
  const before = await (await openOnnxFile(path)).sha256();
  await write('model.onnx', madeUpModel({ names: { input: 'waveforn', output: 'embedding' } }));
  await utimes(path, 1e9, 1e9);
  expect(await (await openOnnxFile(path)).sha256()).not.toBe(before);
});
