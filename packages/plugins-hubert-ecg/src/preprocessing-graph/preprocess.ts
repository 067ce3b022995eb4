import { GraphBuilder, multiply, reshape, slice, type Value } from '@hearken/onnx';
import type { HubertEcgOptions } from '../options.js';
import { firBandPass } from '../preprocessing/fir-band-pass.js';
import {
  band,
  filterTaps,
  intermediateRate,
  leastSamples,
  modelLeads,
  networkRate,
  preparedLength,
  windowSamples,
  windowSeconds,
} from '../preprocessing/preprocess.js';
import { millivoltFactor } from '../signal-checks.js';
import { arrangeLeads } from './arrange-leads.js';
import { decimate } from './decimate.js';
import { resample } from './resample.js';
import { centre, scaleByRange } from './scale.js';
import { zeroPhaseFir } from './zero-phase-fir.js';

/** Shape of the record that a graph with preprocessing takes: its channels, and 5 s of samples. */
export function recordShape({ leads, inputRate }: HubertEcgOptions): [channels: number, samples: number] {
  return [leads.length, leastSamples(inputRate)];
}

/**
 * `createPreprocessor`'s steps as part of a graph, for records of 5 s. For a fixed length, all of them except the
 * scaling are linear maps, so the recursive filters, which need float64, are convolutions in float32 here; both agree
 * to 1e-5.
 *
 * @param signal `[n, channels, samples]` in the units and leads of the options
 * @returns `[n, 6000]`, the network's input
 */
export function addPreprocessing(graph: GraphBuilder, signal: Value, options: HubertEcgOptions): Value {
  const { inputRate, leads, fillLeads, filter, scale, units } = options;
  const [, samples] = recordShape(options);
  const preparedRate = options.decimate ? intermediateRate : networkRate;
  const preparedSamples = windowSeconds * preparedRate;
  const factor = millivoltFactor(units);
  const inMillivolts = factor === 1 ? signal : multiply(graph, signal, graph.constant(factor));
  const arranged = arrangeLeads(graph, inMillivolts, leads, fillLeads);
  // From here on, one lead after another: [n * 12, samples].
  let record = reshape(graph, arranged, [-1, samples]);
  // A constant stays a constant in all steps, until the scaling removes it; without it, float32 is more precise.
  if (scale) record = centre(graph, record);
  if (filter) record = zeroPhaseFir(graph, record, firBandPass(filterTaps(inputRate), band, inputRate));
  // If the rate is not a whole number, 5 s and part of a sample may become a few samples more than the window.
  const length = options.resample ? preparedLength(samples, inputRate, preparedRate) : samples;
  if (options.resample) record = resample(graph, record, samples, length);
  if (scale) record = scaleByRange(graph, record);
  if (length > preparedSamples) record = slice(graph, record, 1, 0, preparedSamples);
  const joined = reshape(graph, record, [-1, modelLeads * preparedSamples]);
  return options.decimate ? decimate(graph, joined, modelLeads * preparedSamples, windowSamples) : joined;
}

/** The preprocessing alone, as a graph: `signal` `[n, channels, samples]` in, `window` `[n, 6000]` out. */
export function buildPreprocessing(options: HubertEcgOptions): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder('hubert-ecg-preprocessing');
  const signal = graph.input('signal', ['n', ...recordShape(options)]);
  graph.output('window', addPreprocessing(graph, signal, options), ['n', windowSamples]);
  return graph.build();
}
