import {
  add,
  centredHannWindow,
  filteredPowerSpectrum,
  GraphBuilder,
  kaldiMelBank,
  reflectPad,
  reshape,
} from '@hearken/onnx';
import type { BaselineModel } from './model.js';
import { statisticsCount, statisticsOverTime } from './statistics.js';

const sampleRate = 16_000;
const fftSize = 512;
const samplesOf = (milliseconds: number) => (milliseconds * sampleRate) / 1000;

export const defaultMelBands = 64;

/** Statistics over time of the log-mel spectrogram, which every audio model should beat. */
export const mel: BaselineModel = {
  metadata: {
    description: 'mean, deviation and percentiles over time of 64 log-mel bands',
    sampleRate,
    channels: 1,
    embeddingSize: defaultMelBands * statisticsCount,
    parameters: 0,
    license: 'MIT',
  },
  // Mirroring half a transform at both ends needs one more sample than that.
  minimumSamples: fftSize / 2 + 1,
  longestScene: samplesOf(30_000),
  timestamps: { length: samplesOf(160), hop: samplesOf(50) },

  buildGraph({ melBands = defaultMelBands }) {
    const graph = new GraphBuilder('mel');
    const signal = graph.input('signal', ['n', 1, 'samples']);
    // Frames are centred on their time, so the signal is mirrored by half a frame at both ends.
    const padded = reflectPad(graph, reshape(graph, signal, [0, -1]), fftSize / 2);
    const power = filteredPowerSpectrum(graph, padded, {
      fftSize,
      hop: samplesOf(10),
      window: centredHannWindow(samplesOf(25), fftSize),
      bank: kaldiMelBank({ bands: melBands, fftSize, sampleRate, lowFrequency: 50, highFrequency: sampleRate / 2 }),
    });
    // The floor keeps silence finite; it is 100 dB below a full-scale sine, whose power here is 1e4.
    const logarithm = graph.node('Log', [add(graph, power, graph.constant(1e-6))]);
    const size = melBands * statisticsCount;
    const embedding = reshape(graph, statisticsOverTime(graph, logarithm), [-1, size]);
    graph.output('embedding', embedding, ['n', size]);
    return { graph: graph.build(), size };
  },
};
