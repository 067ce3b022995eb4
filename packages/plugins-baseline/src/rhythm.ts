import {
  add,
  centredHannWindow,
  divide,
  filteredPowerSpectrum,
  type GraphBuilder,
  mean,
  reflectPad,
  reshape,
  subtract,
  sum,
  type Value,
} from '@hearken/onnx';
import { bandBank } from './band-bank.js';

/** Frames of the envelope: 256 ms every 32 ms. As long as two QRS complexes, so that harmonics stay under the rate itself. */
const envelopeFrame = { fftSize: 128, hop: 16 };
/** Frames of the rhythm, in envelope samples: 8 s, every second. */
const rhythmFrame = { fftSize: 256, hop: 32 };
/** Rhythm bins 4 to 33, each 7.3 beats per minute wide: 30 to 242 beats per minute. */
const firstBin = 4;
export const rhythmBands = 30;

/**
 * The distribution of the heart beats over rates: the power spectrum of the energy of the QRS complexes.
 *
 * A steady rhythm is a sharp peak at its rate, with harmonics; an irregular one is smeared over the bins. The logarithms
 * of the shares add up to (a multiple of) the log spectral flatness, so even a linear probe can read irregularity.
 *
 * @param eachLead `[n x leads, samples]`, longer than half a frame of the envelope
 * @returns log shares `[n, rhythmBands]`
 */
export function rhythmSpectrum(
  graph: GraphBuilder,
  eachLead: Value,
  { leads, sampleRate }: { readonly leads: number; readonly sampleRate: number },
): Value {
  const envelope = qrsEnvelope(graph, eachLead, leads, sampleRate);
  // Without its mean, an envelope of any length can be padded with zeros without adding a rhythm.
  const centred = subtract(graph, envelope, mean(graph, envelope, [1], true));
  const margin = rhythmFrame.fftSize / 2;
  const padded = graph.node('Pad', [centred, graph.integers([0, margin, 0, margin])]);
  const binWidth = sampleRate / envelopeFrame.hop / rhythmFrame.fftSize;
  const edges = Array.from({ length: rhythmBands + 1 }, (_, index) => (firstBin + index) * binWidth);
  const spectrum = filteredPowerSpectrum(graph, padded, {
    ...rhythmFrame,
    window: centredHannWindow(rhythmFrame.fftSize, rhythmFrame.fftSize),
    bank: bandBank(edges, { fftSize: rhythmFrame.fftSize, sampleRate: sampleRate / envelopeFrame.hop }),
  });
  const power = mean(graph, spectrum, [2]);
  // Shares do not depend on the amplitude of the ECG; the tiny addend is for a flat line, which has no power to share.
  const total = add(graph, sum(graph, power, [1], true), graph.constant(1e-6));
  const share = divide(graph, power, total);
  return graph.node('Log', [add(graph, share, graph.constant(1e-3))]);
}

/** Root of the energy between 5 and 25 Hz, where QRS complexes stand out, over all leads: `[n, frames]`. */
function qrsEnvelope(graph: GraphBuilder, eachLead: Value, leads: number, sampleRate: number): Value {
  const { fftSize } = envelopeFrame;
  const energy = filteredPowerSpectrum(graph, reflectPad(graph, eachLead, fftSize / 2), {
    ...envelopeFrame,
    window: centredHannWindow(fftSize, fftSize),
    bank: bandBank([5, 25], { fftSize, sampleRate }),
  });
  const ofRecord = sum(graph, reshape(graph, energy, [-1, leads, 0]), [1]);
  // The root keeps one tall beat, such as an ectopic one, from outweighing the rest.
  return graph.node('Sqrt', [ofRecord]);
}
