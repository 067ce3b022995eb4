import { type Embedder, getSceneEmbeddings, signalBatch } from '@hearken/core';
import { type TimestampStreaming } from '@hearken/core/streaming';

export interface SceneStreamOptions {
  /** Hz of the stream. */
  readonly sampleRate: number;
  /** Samples of the stream per scene. */
  readonly windowSamples: number;
  /** Converts from the stream's rate to another one in Hz. */
  readonly resample: (samples: Float32Array, to: number) => Float32Array | Promise<Float32Array>;
}

/**
 * An embedder whose timestamp embeddings are scene embeddings of the windows around them. A classifier trained on scenes then
 * gets scenes, and models that need whole windows work with the microphone.
 */
export function sceneStream(embedder: Embedder, { sampleRate, windowSamples, resample }: SceneStreamOptions): Embedder {
  const size = embedder.sceneEmbeddingSize;
  const timestampStreaming: TimestampStreaming = {
    hop: windowSamples / 4,
    anyHop: true,
    firstCentre: windowSamples / 2,
    windowTimestamps: 1,
    lookBack: 0,
    lookAhead: windowSamples,
    batchSize: 4,
    async embed({ signals, start }, { from, to, hop }, { abortSignal }) {
      const last = Math.floor((start + signals.samples - windowSamples) / hop);
      const rows: Float32Array[] = [];
      for (let place = from; place < Math.min(to, last + 1); place += 1) {
        const offset = Math.round(place * hop) - start;
        const window = signals.data.slice(offset, offset + windowSamples);
        rows.push(sampleRate === embedder.sampleRate ? window : await resample(window, embedder.sampleRate));
      }
      if (rows.length === 0) return new Float32Array(0);
      return (await getSceneEmbeddings(signalBatch(rows), embedder, { abortSignal })).data;
    },
  };
  return {
    sampleRate,
    channels: embedder.channels,
    sceneEmbeddingSize: size,
    timestampEmbeddingSize: size,
    minimumSceneSamples: windowSamples,
    minimumTimestampSamples: windowSamples,
    provenance: embedder.provenance,
    timestampStreaming,
    embedScenes: (signals, options) => embedder.embedScenes(signals, options),
    embedTimestamps: (signals, options) => embedder.embedTimestamps(signals, options),
    dispose: () => embedder.dispose(),
  };
}
