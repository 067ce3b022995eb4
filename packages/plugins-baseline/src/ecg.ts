import {
  add,
  centredHannWindow,
  concat,
  filteredPowerSpectrum,
  GraphBuilder,
  reflectPad,
  reshape,
  type Value,
} from '@hearken/onnx';
import { bandBank } from './band-bank.js';
import type { BaselineModel } from './model.js';
import { rhythmBands, rhythmSpectrum } from './rhythm.js';
import { statisticsCount, statisticsOverTime } from './statistics.js';

const sampleRate = 500;
const leads = 12;
/** About a second: fine enough to separate baseline wander (under 1 Hz) from the T wave (a few Hz). */
const fftSize = 512;
const hop = 64;

/** Edges in Hz: wander, T and P waves, the three bands of the QRS complex, mains and muscle, noise. */
const bandEdges = [0.5, 1.5, 4, 10, 20, 40, 80, 150];
const bands = bandEdges.length - 1;
const size = leads * bands * statisticsCount + rhythmBands;

/** Statistics over time of the band powers of each lead, and the rhythm spectrum of all leads. */
export const ecg: BaselineModel = {
  metadata: {
    description: 'statistics over time of 7 band powers per lead, and a rhythm spectrum, of a 12-lead ECG',
    sampleRate,
    channels: leads,
    embeddingSize: size,
    parameters: 0,
    license: 'MIT',
  },
  minimumSamples: fftSize / 2 + 1,
  longestScene: 30 * sampleRate,
  // Two seconds contain two beats at 60 per minute, the minimum for a rhythm.
  timestamps: { length: 2 * sampleRate, hop: sampleRate / 2 },

  buildGraph() {
    const graph = new GraphBuilder('ecg');
    const signal = graph.input('signal', ['n', leads, 'samples']);
    // Every lead is a separate signal: [n x leads, samples].
    const eachLead = graph.node('Flatten', [signal], { attributes: { axis: 2n } });
    const statistics = statisticsOverTime(graph, logBandPower(graph, eachLead));
    const embedding = concat(
      graph,
      [
        reshape(graph, statistics, [-1, leads * bands * statisticsCount]),
        rhythmSpectrum(graph, eachLead, { leads, sampleRate }),
      ],
      1,
    );
    graph.output('embedding', embedding, ['n', size]);
    return { graph: graph.build(), size };
  },
};

/** `[n, samples]` in mV to `[n, bands, frames]`. */
function logBandPower(graph: GraphBuilder, signal: Value): Value {
  const power = filteredPowerSpectrum(graph, reflectPad(graph, signal, fftSize / 2), {
    fftSize,
    hop,
    window: centredHannWindow(fftSize, fftSize),
    bank: bandBank(bandEdges, { fftSize, sampleRate }),
  });
  // The floor keeps a lead that fell off finite; white noise of 1 uV has about this power in each bin.
  return graph.node('Log', [add(graph, power, graph.constant(1e-4))]);
}
