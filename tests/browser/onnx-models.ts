import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadOptions } from '@hearken/core';
import { GraphBuilder } from '@hearken/onnx';
import { type MadeUp, madeUpModel } from '../../packages/plugins-onnx/tests/made-up-models.js';

/** Made-up models of the shapes that an ONNX file may have, as the plugin's own tests use them. */
export const onnxModels: Record<string, { made: MadeUp; options: LoadOptions; channels?: number }> = {
  'a dynamic length': { made: {}, options: { sampleRate: 16_000 } },
  'a fixed length': { made: { input: ['n', 16_000] }, options: { sampleRate: 16_000 } },
  'twelve leads': { made: { input: ['n', 12, 'samples'] }, options: { sampleRate: 500 }, channels: 12 },
  'four signals at a time': { made: { input: [4, 16_000], output: [4, 3] }, options: { sampleRate: 16_000 } },
  'no batch': { made: { input: ['samples'], output: ['frames', 3] }, options: { sampleRate: 16_000 } },
};

/** A model with its weights in a file next to it, and one with an unknown operator. */
async function writeOtherModels(folder: string): Promise<void> {
  const graph = new GraphBuilder('external');
  const weights = {
    name: 'scale',
    dataType: 'float32',
    shape: [4],
    offset: 4,
    byteLength: 16,
    location: 'w.bin',
  } as const;
  const scaled = graph.node('Mul', [graph.input('waveform', ['n', 4]), graph.external(weights)]);
  graph.output('embedding', scaled, ['n', 4]);
  await writeFile(join(folder, 'external.onnx'), graph.build());
  await writeFile(join(folder, 'w.bin'), new Uint8Array(Float32Array.of(9, 1, 2, 3, 4).buffer));
  const magic = new GraphBuilder('magic');
  magic.output('embedding', magic.node('Magic', [magic.input('waveform', ['n', 4])]), ['n', 4]);
  await writeFile(join(folder, 'magic.onnx'), magic.build());
}

/** Writes each of them to a file in a folder. */
export async function writeOnnxModels(folder: string): Promise<void> {
  for (const [name, { made }] of Object.entries(onnxModels)) {
    await writeFile(join(folder, `${name}.onnx`), madeUpModel(made));
  }
  await writeOtherModels(folder);
}
