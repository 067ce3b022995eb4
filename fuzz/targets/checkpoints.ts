import {
  bufferSource,
  joinParts,
  openCheckpoint,
  readFloat32,
  readOnnxHeader,
  readPlainPickle,
  readTorchValue,
  writeTorchCheckpoint,
} from '@hearken/onnx';
import { readModelConfig, readZipEntries, recogniseCheckpoint } from '../../packages/onnx/src/checkpoint/index.js';
import { readNpy } from '../../packages/signals/src/npy.js';
import { addTensor } from './onnx-seed.js';
import { type Target, UnsoundError } from '../engine/target.js';
import { singleFiles, wholeFolder } from './seed-files.js';

const allowed = ['CheckpointError'];
const places = { own: 'checkpoints', shared: ['faults/readers/c20-one-cycle'] };

const only = (files: Readonly<Record<string, Uint8Array>>) => Object.entries(files)[0];

/** Opens a checkpoint and reads its small tensors, like loading a model. */
const open: Target['run'] = async (files) => {
  const [name, bytes] = only(files);
  const source = bufferSource(bytes, name);
  const checkpoint = await openCheckpoint(source);
  for (const entry of [...checkpoint.tensors.values()].slice(0, 20)) {
    if (entry.offset < 0 || entry.offset + entry.byteLength > bytes.length)
      throw new UnsoundError(`${entry.name} lies outside the file`);
    if (entry.byteLength > 2 ** 20 || !/^(?:b?float|int)/.test(entry.dataType)) continue;
    await readFloat32(source, entry).catch((error: unknown) => {
      if (!allowed.includes((error as Error).name)) throw error;
    });
  }
  recogniseCheckpoint(checkpoint);
};

/** Reads a checkpoint to write it again, as fine-tuning does: what was written once is written the same again. */
const rewrite: Target['run'] = async (files) => {
  const [name, bytes] = only(files);
  const first = await joinParts(writeTorchCheckpoint(await readTorchValue(bufferSource(bytes, name))));
  const second = await joinParts(writeTorchCheckpoint(await readTorchValue(bufferSource(first, name))));
  if (!bytesEqual(first, second)) throw new UnsoundError('a checkpoint changes when it is written twice');
};

function bytesEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

/** Readers of weights, models and arrays. */
export const checkpointTargets: readonly Target[] = [
  { name: 'torch', allowed, run: open, seeds: () => singleFiles(places, /\.(?:pt|pth|ckpt)$/i) },
  { name: 'torch-again', allowed, run: rewrite, seeds: () => singleFiles(places, /\.(?:pt|pth|ckpt)$/i) },
  { name: 'safetensors', allowed, run: open, seeds: () => singleFiles(places, /\.safetensors$/i) },
  {
    ...{ name: 'zip', allowed, seeds: () => singleFiles(places, /\.(?:pt|pth|ckpt)$/i) },
    async run(files) {
      await readZipEntries(bufferSource(only(files)[1], 'a.pt'));
    },
  },
  {
    ...{
      name: 'pickle',
      allowed,
      seeds: async () => pickles(await wholeFolder('embeddings-scene'), await wholeFolder('embeddings-event')),
    },
    run(files) {
      readPlainPickle(only(files)[1], 'labels');
      return Promise.resolve();
    },
  },
  {
    ...{ name: 'model-config', allowed, seeds: () => singleFiles(places, /config\.json$/i) },
    async run(files) {
      await readModelConfig(bufferSource(only(files)[1], 'config.json'));
    },
  },
  {
    ...{ name: 'onnx', allowed, seeds: () => Promise.resolve([{ 'model.onnx': addTensor() }]) },
    run(files) {
      readOnnxHeader(only(files)[1], 'model.onnx');
      return Promise.resolve();
    },
  },
  {
    name: 'npy',
    allowed: ['FileError', 'AudioError', 'TaskError'],
    seeds: () => singleFiles({ own: 'ecg', shared: ['faults/readers/e13-npy-column-major'] }, /\.npy$/i),
    run(files) {
      const { data, shape } = readNpy(only(files)[1], 'a.npy');
      const count = shape.reduce((product, length) => product * length, 1);
      if (data.length !== count) throw new UnsoundError(`${data.length} values of shape ${shape.join(' x ')}`);
      return Promise.resolve();
    },
  },
];

function pickles(...folders: Readonly<Record<string, Uint8Array>>[]): Record<string, Uint8Array>[] {
  return folders.flatMap((files) =>
    Object.entries(files)
      .filter(([name]) => name.endsWith('.pkl'))
      .map(([name, bytes]) => ({ [name]: bytes })),
  );
}
