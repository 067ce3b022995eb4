import { concat, type GraphBuilder, multiply, reshape, slice, type Value } from '@hearken/onnx';
import { type Preparation, sampleRate } from './preparation.js';

/** A repeated signal is faded out over the last sixteenth of a second. */
const fadeSamples = sampleRate / 16;

/**
 * Fits a signal to the model's window like the authors of Patch-Mix (`cut_pad_sample_torchaudio`): a longer one is cut;
 * a shorter one is repeated and faded out linearly, even if it has exactly the window's length (`repeat`), or centred
 * in zeros (`zero`). With `spectrogram` a shorter one is unchanged, because its log-mel is padded.
 *
 * @param signal `[n, samples]`
 * @returns `[n, windowSamples]`; with `spectrogram` at most that long
 */
export function padSignal(graph: GraphBuilder, signal: Value, { windowSamples, padding }: Preparation): Value {
  if (padding === 'spectrogram') return slice(graph, signal, 1, 0, windowSamples);
  const samples = graph.node('Shape', [signal], { attributes: { start: 1n, end: 2n } });
  const window = graph.integers([windowSamples]);
  const filled =
    padding === 'zero' ? centreInZeros(graph, signal, samples, window) : repeat(graph, signal, samples, windowSamples);
  const cut = reshape(graph, slice(graph, filled, 1, 0, windowSamples), [-1, windowSamples]);
  return padding === 'zero' ? cut : fadeOut(graph, cut, graph.node('LessOrEqual', [samples, window]), windowSamples);
}

function repeat(graph: GraphBuilder, signal: Value, samples: Value, windowSamples: number): Value {
  const most = graph.node('Add', [samples, graph.integers([windowSamples - 1])]);
  const times = graph.node('Div', [most, samples]);
  return graph.node('Tile', [signal, concat(graph, [graph.integers([1]), times], 0)]);
}

function centreInZeros(graph: GraphBuilder, signal: Value, samples: Value, window: Value): Value {
  const zero = graph.integers([0]);
  const missing = graph.node('Max', [graph.node('Sub', [window, samples]), zero]);
  const before = graph.node('Div', [missing, graph.integers([2])]);
  const after = graph.node('Sub', [missing, before]);
  return graph.node('Pad', [signal, concat(graph, [zero, before, zero, after], 0)]);
}

/** @param isShort whether to fade at all, `[1]` */
function fadeOut(graph: GraphBuilder, signal: Value, isShort: Value, windowSamples: number): Value {
  const ramp = Float32Array.from({ length: fadeSamples }, (_, index) => 1 - index / (fadeSamples - 1));
  const gain = graph.node('Where', [isShort, graph.constant(ramp), graph.constant(1)]);
  const tail = slice(graph, signal, 1, windowSamples - fadeSamples, windowSamples);
  return concat(graph, [slice(graph, signal, 1, 0, windowSamples - fadeSamples), multiply(graph, tail, gain)], 1);
}
