import { concat, type GraphBuilder, kaldiFbank, multiply, reshape, subtract, type Value } from '@hearken/onnx';
import { frameHop, frameSamples, type Preparation, sampleRate } from './preparation.js';

/**
 * AST's normalised log-mel (Gong et al. 2021, arXiv 2104.01778, section 2.1; `dataloader.py`): Kaldi's filter bank
 * energies, padded with zeros at the end to the model's number of frames, then (x - mean) / (2 std).
 *
 * @param signal `[n, samples]`, already padded
 * @returns `[n, bands, frames]`
 */
export function logMel(graph: GraphBuilder, signal: Value, preparation: Preparation, bands: number): Value {
  const { frames, padding, mean, std } = preparation;
  const energies = kaldiFbank(graph, signal, {
    bands,
    sampleRate,
    frameSamples,
    hop: frameHop,
    lowFrequency: 20,
    preEmphasis: 0.97,
  });
  const padded = padding === 'spectrogram' ? padFrames(graph, energies, bands, frames) : energies;
  return multiply(graph, subtract(graph, padded, graph.constant(mean)), graph.constant(1 / (2 * std)));
}

function padFrames(graph: GraphBuilder, energies: Value, bands: number, frames: number): Value {
  const found = graph.node('Shape', [energies], { attributes: { start: 2n, end: 3n } });
  const missing = graph.node('Sub', [graph.integers([frames]), found]);
  const padded = graph.node('Pad', [energies, concat(graph, [graph.integers([0, 0, 0, 0, 0]), missing], 0)]);
  return reshape(graph, padded, [-1, bands, frames]);
}
