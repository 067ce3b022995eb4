import { stat, utimes } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openFileSource, WatchedFile } from '@hearken/onnx/node';
import { openOnnxFile } from '../src/open-onnx-file.node.js';
import { hashOnce } from '../src/read-once.node.js';
import { madeUpModel, modelFolder } from './made-up-models.js';

const write = modelFolder();

/** What is written keeps the time of the machine: an hour later, that is long ago. */
const waitAnHour = () => vi.setSystemTime(Date.now() + 3_600_000);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('reads a file again only where it may have changed', async () => {
  const path = await write('model.onnx', madeUpModel());
  const fresh = await openOnnxFile(path);
  // Too young for its times to be trusted.
  expect((await openOnnxFile(path)).bytes).not.toBe(fresh.bytes);
  waitAnHour();
  const [first, second] = [await openOnnxFile(path), await openOnnxFile(path)];
  expect(second.bytes).toBe(first.bytes);
  expect(await second.sha256()).toBe(await fresh.sha256());
  const source = await openFileSource(path);
  const file = new WatchedFile(path, path, await source.state());
  await source.close();
  expect(await hashOnce(file)).toBe(await fresh.sha256());

  await write('model.onnx', madeUpModel({ input: ['n', 16_000] }));
  await expect(hashOnce(file)).rejects.toThrow(/replaced or changed/);
  const changed = await openOnnxFile(path);
  expect(changed.header.inputs[0].shape).toEqual(['n', 16_000]);
  expect(await changed.sha256()).not.toBe(await first.sha256());
});

it('is not misled by times that are set back', async () => {
  const path = await write('model.onnx', madeUpModel());
  await utimes(path, 1e9, 1e9);
  waitAnHour();
  const before = await (await openOnnxFile(path)).sha256();
  const changed = () => stat(path, { bigint: true }).then(({ ctimeNs }) => ctimeNs);
  const first = await changed();
  // Not within one tick of the clock of the file system.
  do {
    await write('model.onnx', madeUpModel({ names: { input: 'waveforn', output: 'embedding' } }));
    await utimes(path, 1e9, 1e9);
  } while ((await changed()) === first);
  expect(await (await openOnnxFile(path)).sha256()).not.toBe(before);
});
