/**
 * Symmetric Hann window of `length` samples (`torch.hann_window(length, periodic=False)`),
 * centred in `size` samples with zeros around it, as `torch.stft` places a window shorter than the transform.
 */
export function centredHannWindow(length: number, size: number): Float64Array {
  const window = new Float64Array(size);
  const start = Math.floor((size - length) / 2);
  for (let index = 0; index < length; index += 1) {
    window[start + index] = 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / (length - 1));
  }
  return window;
}

/** Periodic Hann window of `size` samples (`torch.hann_window(size)`): one period, without its repeated first value. */
export function periodicHannWindow(size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / size));
}
