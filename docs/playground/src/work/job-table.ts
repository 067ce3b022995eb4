import type { MiniProgress } from '@hearken/bench/web';
import { embedAudio } from './embed-audio.js';
import { embedEcg } from './embed-ecg.js';
import { exportEmbeddings } from './export-embeddings.js';
import { listen } from './listen.js';
import { classify, exportProbe, train } from './probe.js';
import { loadedModel } from './loaded-model.js';
import { ownLabels } from './own-labels.js';
import type { JobTable } from './serve-jobs.js';

// Code that is not needed to show the page is loaded by the first job that needs it.
const bench = () => import('@hearken/bench/web');
const storage = () => import('@hearken/onnx/web');
const training = () => import('./fine-tune.js');

export const jobTable: JobTable = {
  embedAudio,
  embedEcg,
  exportEmbeddings,
  exportProbe,
  train,
  classify,
  ownLabels,
  listen,

  async project({ embeddings, size }) {
    return (await bench()).projectOntoPlane(embeddings, size);
  },

  async neighbours({ embeddings, size, index, count }) {
    return [...(await bench()).nearestNeighbours(embeddings, size, index, count)];
  },

  async benchmark(_ask, { abortSignal, tell }) {
    const embedder = loadedModel();
    const { runMiniBenchmark } = await bench();
    const onProgress = (progress: MiniProgress) => {
      tell(benchmarkNews(progress));
    };
    return runMiniBenchmark({ embedder, onProgress, abortSignal });
  },

  async listStored() {
    return (await storage()).listStoredFiles();
  },

  async deleteStored({ key }) {
    await (await storage()).deleteStoredFile(key);
    return null;
  },

  async planTraining(ask) {
    return (await training()).planTraining(ask);
  },

  async fineTune(ask, context) {
    return (await training()).fineTuneModel(ask, context);
  },
};

/** Approximate shares of a task's time. */
const stageStarts = { make: 0, embed: 0.1, probe: 0.5 } as const;

const stageTexts = { make: 'making clips', embed: 'embedding', probe: 'training probes' } as const;

/** A task's progress from 0 to 1, and its current stage. */
function benchmarkNews({ task, stage, done, total }: MiniProgress): { done: number; text: string } {
  const end = { make: stageStarts.embed, embed: stageStarts.probe, probe: 1 }[stage];
  const within = stageStarts[stage] + ((end - stageStarts[stage]) * done) / Math.max(1, total);
  return { done: within, text: `${task}: ${stageTexts[stage]}` };
}
