import type { GraphBuilder, Value } from '../graph/graph-builder.js';
import { add, convolution, matmul, mean, multiply, reshape, subtract } from '../graph/layers.js';
import { kaldiMelBank, type MelBank } from './mel-bank.js';
import { preEmphasis } from './signal-padding.js';
import { centredHannWindow } from './windows.js';

/** Settings of Kaldi's log-mel filter bank. */
export interface KaldiFbankOptions {
  /** Number of mel filters. */
  readonly bands: number;
  /** Sample rate in Hz. */
  readonly sampleRate: number;
  /** Samples per frame. */
  readonly frameSamples: number;
  /** Samples from one frame to the next. */
  readonly hop: number;
  /** Lower edge of the first filter, Hz; the last one ends at Nyquist. */
  readonly lowFrequency: number;
  /** Pre-emphasis coefficient. */
  readonly preEmphasis: number;
}

/** Lower limit of filter energies before the logarithm: float32's epsilon. */
const energyFloor = 2 ** -23;

/**
 * Kaldi's log-mel filter bank energies without dither (`feature-window.cc` and `feature-fbank.cc` of Kaldi;
 * `torchaudio.compliance.kaldi.fbank` with the window `hanning`): for each frame entirely inside the signal,
 * subtraction of its mean, pre-emphasis, a symmetric Hann window, power spectrum of the next power of two, mel filters,
 * logarithm.
 *
 * Pre-emphasis is done once for all frames, because only a frame's first sample would be treated differently, and there
 * the window is zero. It leaves (1 - coefficient) m of the frame's mean m, whose spectrum is that of the window and is
 * subtracted from the spectrum. Because this is not folded into the transform, loud low tones are attenuated before
 * they are summed, which keeps float32 accurate if the high bands are quiet. Subtracting the whole signal's mean first
 * has the same purpose and changes no frame.
 *
 * @param signal `[n, samples]`, at least one frame
 * @returns `[n, bands, frames]`, frames = floor((samples - frameSamples) / hop) + 1
 */
export function kaldiFbank(graph: GraphBuilder, signal: Value, options: KaldiFbankOptions): Value {
  const { frameSamples, hop } = options;
  const fftSize = 2 ** Math.ceil(Math.log2(frameSamples));
  const window = centredHannWindow(frameSamples, frameSamples);
  const bank = kaldiMelBank({ ...options, fftSize, highFrequency: options.sampleRate / 2 });
  const bins = usedBins(bank);
  const { transform, windowSpectrum } = transformWeights(window, fftSize, bins);
  const strided = (input: Value, weights: Float32Array, outputs: number) => {
    const kernel = weights.length / outputs;
    const weight = graph.constant(weights, [outputs, 1, kernel]);
    return convolution(graph, reshape(graph, input, [0, 1, -1]), weight, [kernel], { stride: [hop] });
  };

  const centred = subtract(graph, signal, mean(graph, signal, [1], true));
  const emphasised = strided(preEmphasis(graph, centred, options.preEmphasis), transform, 2 * bins.length);
  const means = strided(centred, new Float32Array(frameSamples).fill(1 / frameSamples), 1);
  const share = windowSpectrum.map((value) => (options.preEmphasis - 1) * value);
  const offset = convolution(graph, means, graph.constant(share, [2 * bins.length, 1, 1]), [1]);
  const [real, imaginary] = graph.nodes('Split', [add(graph, emphasised, offset)], 2, {
    attributes: { axis: 1n, num_outputs: 2n },
  });
  const power = add(graph, multiply(graph, real, real), multiply(graph, imaginary, imaginary));
  const energies = matmul(graph, graph.constant(bankWeights(bank, bins), [bank.bands, bins.length]), power);
  return graph.node('Log', [graph.node('Max', [energies, graph.constant(energyFloor)])]);
}

/**
 * The windowed transform: `transform` `[(real, imaginary) x bins, frame samples - 1]`, without the first sample, as in
 * pre-emphasis, and `windowSpectrum` `[(real, imaginary) x bins]`, its sums.
 */
function transformWeights(window: Float64Array, fftSize: number, bins: readonly number[]) {
  const size = window.length - 1;
  const transform = new Float32Array(2 * bins.length * size);
  const windowSpectrum = new Float32Array(2 * bins.length);
  [Math.cos, Math.sin].forEach((part, row) => {
    bins.forEach((bin, place) => {
      const output = row * bins.length + place;
      let sum = 0;
      for (let sample = 0; sample < size; sample += 1) {
        const value = window[sample + 1] * part((-2 * Math.PI * ((bin * (sample + 1)) % fftSize)) / fftSize);
        transform[output * size + sample] = value;
        sum += value;
      }
      windowSpectrum[output] = sum;
    });
  });
  return { transform, windowSpectrum };
}

/** The bins that any filter needs. */
function usedBins({ weights, bands, bins }: MelBank): number[] {
  const isUsed = (bin: number) => Array.from({ length: bands }, (_, band) => weights[band * bins + bin]).some(Boolean);
  return Array.from({ length: bins }, (_, bin) => bin).filter(isUsed);
}

function bankWeights({ weights, bands, bins }: MelBank, used: readonly number[]): Float32Array {
  return Float32Array.from(
    { length: bands * used.length },
    (_, index) => weights[Math.floor(index / used.length) * bins + used[index % used.length]],
  );
}
