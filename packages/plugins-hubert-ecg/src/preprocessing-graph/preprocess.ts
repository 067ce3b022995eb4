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
 * `createPreprocessor`'s steps as part of a graph, for records of 5 s. At one length all of them but the scaling are
 * linear maps, so that what is recursive in float64 there is a convolution in float32 here; both agree to 1e-5.
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
  // One lead after the other from here on: [n * 12, samples].
  let record = reshape(graph, arranged, [-1, samples]);
  // Constants pass all steps as constants, which the scaling takes away; without them, float32 is of more use.
  if (scale) record = centre(graph, record);
  if (filter) record = zeroPhaseFir(graph, record, firBandPass(filterTaps(inputRate), band, inputRate));
  // At a rate that is no whole number, 5 s and a part of a sample may become some samples more than the window.
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
