// Embeds a sound file: node examples/embed-wav.mjs sound.wav
import { readAudioFile } from '@hearken/signals/node';
import { getSceneEmbeddings, getTimestampEmbeddings, signalBatch } from '@hearken/core';
import { loadModel } from '@hearken/plugin-baseline';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('pass a sound file: node examples/embed-wav.mjs sound.wav');

const embedder = await loadModel();
// Mixed down to mono and resampled to the model's sample rate.
const signal = await readAudioFile(file, { sampleRate: embedder.sampleRate });
const signals = signalBatch([signal]);

const scene = await getSceneEmbeddings(signals, embedder);
console.log(`scene: ${scene.size} values, ${first(scene.data)}`);

const { data, timestamps, timestampCount, size } = await getTimestampEmbeddings(signals, embedder);
console.log(`timestamps: ${timestampCount} embeddings of ${size} values`);
for (let index = 0; index < timestampCount; index += Math.ceil(timestampCount / 5)) {
  console.log(`  ${timestamps[index].toFixed(0)} ms: ${first(data.subarray(index * size))}`);
}

await embedder.dispose();

function first(values) {
  return `${[...values.subarray(0, 3)].map((value) => value.toFixed(3)).join(', ')}, ...`;
}
