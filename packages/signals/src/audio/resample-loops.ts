import type { FilterRun, PolyphaseFilter, SignalPart } from './resample-filter.js';

/** Number of outputs of one phase that are computed together. */
const lanes = 4;
/** Number of input samples per block: small enough to stay in the processor's cache while all phases are computed. */
const blockSamples = 8192;

/**
 * The filter as plain loops. Four outputs of one phase share each load of a coefficient; doubles throughout, because
 * JavaScript would convert every single-precision operand.
 */
export function loopEngine(filter: PolyphaseFilter): FilterRun {
  const { up, down, taps, lead, coefficients } = filter;
  // One group is `up` outputs from `down` inputs; a block is a whole number of groups.
  const blockGroups = lanes * Math.max(1, Math.round(blockSamples / (down * lanes)));
  const window = new Float64Array((blockGroups + 1) * down + taps);
  return {
    blockOutputs: blockGroups * up,
    reach: taps,
    run(part, first, output) {
      fillWindow(window, part, (first / up) * down - lead);
      const count = Math.ceil(output.length / up);
      for (let remainder = 0; remainder < up; remainder += 1) {
        const start = Math.floor((remainder * down) / up);
        const phase = ((remainder * down) % up) * taps;
        for (let group = 0; group < count; group += lanes) {
          let a = 0;
          let b = 0;
          let c = 0;
          let d = 0;
          let at = start + group * down;
          for (let tap = 0; tap < taps; tap += 1) {
            const weight = coefficients[phase + tap];
            a += window[at] * weight;
            b += window[at + down] * weight;
            c += window[at + 2 * down] * weight;
            d += window[at + 3 * down] * weight;
            at += 1;
          }
          // Writes beyond a typed array's end are ignored, so the last group needs no special case.
          const to = group * up + remainder;
          output[to] = a;
          output[to + up] = b;
          output[to + 2 * up] = c;
          output[to + 3 * up] = d;
        }
      }
    },
  };
}

/** Copies a signal starting at `from`, with zeros where it has no samples. */
function fillWindow(window: Float64Array, { samples, start }: SignalPart, from: number): void {
  const first = Math.max(0, from - start);
  const copied = samples.subarray(first, Math.max(first, from - start + window.length));
  const place = Math.max(0, start - from);
  window.fill(0, 0, place);
  window.set(copied, place);
  window.fill(0, place + copied.length);
}
