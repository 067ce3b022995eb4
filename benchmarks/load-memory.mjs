// Run as a separate process: loads a model, embeds one signal of `seconds` (mapped weights only use memory once they are
// read), and prints the peak memory of this process in bytes.
import { argv, stdout } from 'node:process';
import { getSceneEmbeddings, signalBatch } from '@hearken/core';
import { peakBytes, testSignal } from './measure.mjs';

const [, , name, checkpoint, options, seconds] = argv;
const { default: plugin } = await import(name);
const embedder = await plugin.loadModel(checkpoint, JSON.parse(options));
const { channels, sampleRate } = embedder;
await getSceneEmbeddings(signalBatch([testSignal(channels * sampleRate * Number(seconds))], channels), embedder);
stdout.write(`${peakBytes()}\n`);
await embedder.dispose();
