import { attenuation, type FilterRun, kaiser, passbandEnd, sinc, stopbandStart } from './resample-filter.js';

/** Number of table entries per sample at the lower of both rates. */
const resolution = 4096;
/** Number of samples at the lower rate that the kernel extends to either side, the same as for the polyphase filter. */
const reach = (attenuation - 8) / (2.285 * Math.PI * (stopbandStart - passbandEnd)) / 2;
/** Any number works. */
const blockOutputs = 2 ** 16;
const beta = 0.1102 * (attenuation - 8.7);

let shared: Float64Array | undefined;

/**
 * Half of the low-pass filter, from its middle on: the same for any two rates if time is counted in samples of the
 * lower one. Linear interpolation between its entries has an error of at most `(pi / resolution)^2 / 24`, 150 dB down:
 * far below the stopband.
 */
function kernelTable(): Float64Array {
  if (shared !== undefined) return shared;
  const cutoff = (passbandEnd + stopbandStart) / 2;
  const table = new Float64Array(Math.ceil(reach * resolution) + 2);
  for (let entry = 0; entry < table.length; entry += 1) {
    const time = entry / resolution;
    table[entry] = sinc(cutoff * time) * kaiser(time / reach, beta);
  }
  shared = table;
  return table;
}

/**
 * Resamples at any ratio, even an irrational one: the weights of each output are read from a table of the low-pass
 * filter at the distances of the inputs from it (Smith and Gossett 1984, "A flexible sampling-rate conversion method").
 * The filter is the same as the polyphase filter's, which is faster if the ratio has few phases. Memory does not depend
 * on the rates.
 *
 * @param from Hz
 * @param to Hz
 */
export function kernelRun(from: number, to: number): FilterRun {
  const table = kernelTable();
  const step = from / to;
  const band = Math.min(1, to / from);
  const scale = band * resolution;
  const inputs = reach / band;
  return {
    blockOutputs,
    reach: Math.ceil(inputs) + 1,
    run({ samples, start }, first, output) {
      const last = start + samples.length - 1;
      for (let index = 0; index < output.length; index += 1) {
        const position = (first + index) * step;
        const end = Math.floor(position + inputs);
        let sum = 0;
        let gain = 0;
        for (let at = Math.ceil(position - inputs); at <= end; at += 1) {
          const place = Math.abs(position - at) * scale;
          const entry = Math.floor(place);
          const weight = table[entry] + (place - entry) * (table[entry + 1] - table[entry]);
          gain += weight;
          if (at >= start && at <= last) sum += weight * samples[at - start];
        }
        // Exact gain at 0 Hz, like each phase of the polyphase filter.
        output[index] = sum / gain;
      }
    },
  };
}
