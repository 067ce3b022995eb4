import {
  add,
  divide,
  filteredPowerSpectrum,
  type GraphBuilder,
  kaldiMelBank,
  multiply,
  pcen,
  periodicHannWindow,
  resizeLastAxis,
  subtract,
  transpose,
  type Value,
  zeroPadEnd,
} from '@hearken/onnx';

export const sampleRate = 16_000;
/** Samples that the model sees at once: 2 s. */
export const windowSamples = 2 * sampleRate;
export const frameSamples = 400;
const hop = 160;
/** One frame every hop from the first sample on; the last ones are padded with zeros. */
const frames = windowSamples / hop;

/** Size of the model's image: time first. */
export interface ImageSize {
  readonly frames: number;
  readonly bands: number;
}

/**
 * HeAR's front end, as computed by the authors' PyTorch preprocessing (`audio_utils.py` of the HeAR repository): each
 * clip scaled to [-1, 1] by its own extremes; frames of 400 samples under a periodic Hann window; power spectrum of 400
 * bins; HTK mel filters from 0 Hz to Nyquist; PCEN; frames resized bilinearly.
 *
 * @param signal `[n, 32000]` at 16 kHz
 * @returns `[n, frames, bands]`
 */
export function melPcen(graph: GraphBuilder, signal: Value, image: ImageSize): Value {
  const padded = zeroPadEnd(graph, scaleByExtremes(graph, signal), (frames - 1) * hop + frameSamples - windowSamples);
  const mel = filteredPowerSpectrum(graph, padded, {
    fftSize: frameSamples,
    hop,
    window: periodicHannWindow(frameSamples),
    // Kaldi's filters are HTK's: linear in mel, of height 1; from 0 Hz on, they leave out the DC bin anyway.
    bank: kaldiMelBank({
      bands: image.bands,
      fftSize: frameSamples,
      sampleRate,
      lowFrequency: 0,
      highFrequency: sampleRate / 2,
    }),
  });
  const normalised = pcen(graph, mel, { frames, alpha: 0.8, smoothing: 0.04, delta: 2, root: 2, floor: 1e-8 });
  return transpose(graph, resizeLastAxis(graph, normalised, frames, image.frames), [0, 2, 1]);
}

/** Scales each row to [-1, 1]; a constant one becomes -1. */
function scaleByExtremes(graph: GraphBuilder, signal: Value): Value {
  const extreme = (operator: 'ReduceMin' | 'ReduceMax', of: Value) =>
    graph.node(operator, [of, graph.integers([1])], { attributes: { keepdims: 1n } });
  const lifted = subtract(graph, signal, extreme('ReduceMin', signal));
  const range = add(graph, extreme('ReduceMax', lifted), graph.constant(1e-8));
  return subtract(graph, multiply(graph, divide(graph, lifted, range), graph.constant(2)), graph.constant(1));
}
