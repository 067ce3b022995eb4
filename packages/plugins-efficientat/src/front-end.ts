import {
  add,
  centredHannWindow,
  filteredPowerSpectrum,
  GraphBuilder,
  kaldiMelBank,
  multiply,
  preEmphasis,
  reflectPad,
  type Value,
} from '@hearken/onnx';
import type { ModelVariant } from './models.js';

export const sampleRate = 32_000;
const fftSize = 1024;
const windowLength = 800;
/** Pre-emphasis drops a sample, and mirroring half a transform needs more samples than it adds. */
export const minimumSamples = fftSize / 2 + 2;

/** Frames of a signal's log-mel. */
export function frameCount(samples: number, { hopMilliseconds }: ModelVariant): number {
  return Math.floor((samples - 1) / ((hopMilliseconds * sampleRate) / 1000)) + 1;
}

/** The front end alone, as a graph: `signal` `[n, samples]` in, `example` `[n, mel bands, frames]` out. */
export function buildFrontEnd(variant: ModelVariant): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder('efficientat-front-end');
  const example = logMel(graph, graph.input('signal', ['n', 'samples']), variant);
  graph.output('example', example, ['n', variant.melBands, 'frames']);
  return graph.build();
}

/**
 * EfficientAT's log-mel front end (the authors' `AugmentMelSTFT` in evaluation mode): pre-emphasis 0.97, frames of 800
 * samples under a symmetric Hann window, power spectrum, Kaldi's mel filters from 0 to 15 kHz, log, then a fixed scaling.
 *
 * @param signal `[n, samples]` at 32 kHz in [-1, 1]
 * @returns `[n, melBands, frames]`, frames = floor((samples - 1) / hop) + 1
 */
export function logMel(graph: GraphBuilder, signal: Value, variant: ModelVariant): Value {
  const padded = reflectPad(graph, preEmphasis(graph, signal, 0.97), fftSize / 2);
  const mel = filteredPowerSpectrum(graph, padded, {
    fftSize,
    hop: (variant.hopMilliseconds * sampleRate) / 1000,
    window: centredHannWindow(windowLength, fftSize),
    bank: kaldiMelBank({ bands: variant.melBands, fftSize, sampleRate, lowFrequency: 0, highFrequency: 15_000 }),
  });
  const logarithm = graph.node('Log', [add(graph, mel, graph.constant(1e-5))]);
  return multiply(graph, add(graph, logarithm, graph.constant(4.5)), graph.constant(1 / 5));
}
