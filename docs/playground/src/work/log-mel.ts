import { kaldiMelBank } from '@hearken/onnx';
import { createFft } from './fft.js';

/** Bands in the picture. */
const bands = 80;
const frameSeconds = 0.032;
/** Frames averaged per column of a long recording. */
const mostFramesPerColumn = 4;

/**
 * A log-mel spectrogram for display, not for a model: each column is the mean power of up to four frames spread over its
 * part of the signal.
 */
export function logMelPicture(
  samples: Float32Array,
  sampleRate: number,
  columns: number,
): { logMel: Float32Array; bands: number; highFrequency: number } {
  const fftSize = 2 ** Math.round(Math.log2(frameSeconds * sampleRate));
  const highFrequency = Math.min(8000, sampleRate / 2);
  const bank = kaldiMelBank({ bands, fftSize, sampleRate, lowFrequency: 40, highFrequency });
  const window = Float64Array.from(
    { length: fftSize },
    (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / fftSize),
  );
  const fft = createFft(fftSize);
  const real = new Float64Array(fftSize);
  const imaginary = new Float64Array(fftSize);
  const count = Math.max(1, Math.min(columns, Math.ceil(samples.length / (fftSize / 4))));
  const stretch = samples.length / count;
  const frames = Math.max(1, Math.min(mostFramesPerColumn, Math.round(stretch / (fftSize / 2))));
  const logMel = new Float32Array(count * bands);
  const power = new Float64Array(bank.bins);
  for (let column = 0; column < count; column += 1) {
    power.fill(0);
    for (let frame = 0; frame < frames; frame += 1) {
      const centre = Math.floor((column + (frame + 0.5) / frames) * stretch);
      const start = centre - fftSize / 2;
      for (let index = 0; index < fftSize; index += 1) real[index] = window[index] * (samples[start + index] ?? 0);
      imaginary.fill(0);
      fft(real, imaginary);
      for (let bin = 0; bin < bank.bins; bin += 1) power[bin] += (real[bin] ** 2 + imaginary[bin] ** 2) / frames;
    }
    for (let band = 0; band < bands; band += 1) {
      let sum = 0;
      for (let bin = 0; bin < bank.bins; bin += 1) sum += bank.weights[band * bank.bins + bin] * power[bin];
      logMel[column * bands + band] = 10 * Math.log10(sum + 1e-9);
    }
  }
  return { logMel, bands, highFrequency };
}
