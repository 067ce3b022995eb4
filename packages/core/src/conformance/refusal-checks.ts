import { signalBatch, type SignalBatch } from '../signals.js';
import { clipSamples, type ConformanceCheck, type ConformanceContext, embeddingKinds, expectRefusal } from './check.js';

const useCore = 'use getSceneEmbeddings and getTimestampEmbeddings of @hearken/core, or check signals as they do';

/** Signals that every embedder must refuse. */
export const refusalChecks: readonly ConformanceCheck[] = [
  {
    name: 'one sample, no sample and no signal are refused',
    why: 'otherwise an embedding of nothing silently becomes part of a score',
    async run(context) {
      const { channels } = await context.embedder();
      await expectRefused(context, 'one sample refused', signalBatch([new Float32Array(channels)], channels));
      await expectRefused(context, 'a signal without samples refused', signalBatch([new Float32Array(0)], channels));
      const empty = { data: new Float32Array(0), count: 0, channels, samples: 0 };
      await expectRefused(context, 'a batch without signals refused', empty);
    },
  },
  {
    name: 'NaN and infinity are refused',
    why: 'a broken recording must be reported, not turned into a row of NaN',
    async run(context) {
      const embedder = await context.embedder();
      for (const value of [Number.NaN, -Infinity]) {
        const signal = context.signal(clipSamples(embedder, 1), 0, embedder).slice();
        signal[signal.length - 1] = value;
        await expectRefused(context, `a signal with ${value} refused`, signalBatch([signal], embedder.channels));
      }
    },
  },
  {
    name: 'a wrong number of channels is refused',
    why: 'channels read as samples give plausible but meaningless numbers',
    async run(context) {
      const embedder = await context.embedder();
      const channels = embedder.channels + 1;
      const signals = signalBatch([new Float32Array(channels * clipSamples(embedder, 1))], channels);
      await expectRefused(context, `${channels} channels refused where the model has ${embedder.channels}`, signals);
    },
  },
];

async function expectRefused(context: ConformanceContext, asked: string, signals: SignalBatch): Promise<void> {
  const embedder = await context.embedder();
  for (const kind of embeddingKinds) {
    const embed = () => kind.embed(context.plugin, embedder, signals);
    await expectRefusal(embed, 'SIGNAL', `${asked} for ${kind.name} embeddings`, useCore);
  }
}
