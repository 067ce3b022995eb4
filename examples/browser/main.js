// A page with a model that computes the cosine similarity of two sounds' embeddings.
import { decodeAudioFile, resampleSignal } from '@hearken/bench/web';
import { getSceneEmbeddings, signalBatch } from '@hearken/core';
import { RemoteModels } from '@hearken/core/remote';

const worker = new Worker(new URL('./models.worker.js', import.meta.url), { type: 'module' });
const models = new RemoteModels(worker);
worker.addEventListener('error', ({ message }) => models.close(new Error(message)));

const input = document.querySelector('#files');
const answer = document.querySelector('#answer');

input.addEventListener('change', async () => {
  try {
    const [left, right] = [...input.files];
    if (right === undefined) throw new Error('choose two files');
    answer.value = 'Listening ...';
    const embedder = await models.loadModel('baseline');
    const [a, b] = [await embed(left, embedder), await embed(right, embedder)];
    await embedder.dispose();
    answer.value = `${left.name} and ${right.name}: cosine ${(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))).toFixed(3)}`;
  } catch (error) {
    answer.value = error.message;
  }
});

async function embed(file, embedder) {
  const { samples, sampleRate } = await decodeAudioFile(file);
  const signal = await resampleSignal(samples, sampleRate, embedder.sampleRate);
  const { data } = await getSceneEmbeddings(signalBatch([signal]), embedder);
  return data;
}

function dot(left, right) {
  return left.reduce((sum, value, index) => sum + value * right[index], 0);
}
