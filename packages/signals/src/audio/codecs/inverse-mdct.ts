/**
 * The inverse modified discrete cosine transform without a factor: output `n` of `2 size` is the sum over `k` of
 * `spectrum[k] cos(pi / size (n + 1/2 + size / 2)(k + 1/2))`. It is computed as a DCT of type IV, by a complex Fourier
 * transform of half the size (Britanak and Rao, "Cosine-/Sine-Modulated Filter Banks", chapter 5).
 */
export class InverseMdct {
  private readonly cosines: Float64Array;
  private readonly sines: Float64Array;
  private readonly rootCosines: Float64Array;
  private readonly rootSines: Float64Array;
  private readonly real: Float64Array;
  private readonly imaginary: Float64Array;
  private readonly reversed: Uint16Array;

  /** @param size number of values in a spectrum, a power of two of at least 4 */
  constructor(private readonly size: number) {
    const half = size / 2;
    const bits = Math.log2(half);
    const angles = Float64Array.from({ length: half }, (_, index) => (Math.PI * (8 * index + 1)) / (8 * size));
    this.cosines = angles.map(Math.cos);
    this.sines = angles.map(Math.sin);
    const roots = Float64Array.from({ length: half / 2 }, (_, index) => (-2 * Math.PI * index) / half);
    this.rootCosines = roots.map(Math.cos);
    this.rootSines = roots.map(Math.sin);
    this.real = new Float64Array(half);
    this.imaginary = new Float64Array(half);
    this.reversed = Uint16Array.from({ length: half }, (_, index) => {
      let value = 0;
      for (let bit = 0; bit < bits; bit += 1) value |= ((index >> bit) & 1) << (bits - 1 - bit);
      return value;
    });
  }

  /**
   * @param spectrum `[size]`, not changed
   * @param output `[2 size]`
   */
  transform(spectrum: Float64Array, output: Float64Array): void {
    const { size, cosines, sines, real, imaginary, reversed } = this;
    const half = size / 2;
    for (let index = 0; index < half; index += 1) {
      const even = spectrum[2 * index];
      const odd = spectrum[size - 1 - 2 * index];
      const place = reversed[index];
      real[place] = even * cosines[index] + odd * sines[index];
      imaginary[place] = odd * cosines[index] - even * sines[index];
    }
    this.fourier();
    for (let index = 0; index < half; index += 1) {
      const even = real[index] * cosines[index] + imaginary[index] * sines[index];
      const odd = real[index] * sines[index] - imaginary[index] * cosines[index];
      place(output, 2 * index, even, size);
      place(output, size - 1 - 2 * index, odd, size);
    }
  }

  private fourier(): void {
    const { real, imaginary, rootCosines, rootSines } = this;
    const count = real.length;
    for (let width = 1; width < count; width *= 2) {
      const stride = count / 2 / width;
      for (let first = 0; first < count; first += 2 * width) {
        for (let index = 0; index < width; index += 1) {
          const low = first + index;
          const high = low + width;
          const cosine = rootCosines[index * stride];
          const sine = rootSines[index * stride];
          const re = real[high] * cosine - imaginary[high] * sine;
          const im = real[high] * sine + imaginary[high] * cosine;
          real[high] = real[low] - re;
          imaginary[high] = imaginary[low] - im;
          real[low] += re;
          imaginary[low] += im;
        }
      }
    }
  }
}

/** Each value of the DCT is in the output twice, mirrored. */
function place(output: Float64Array, index: number, value: number, size: number): void {
  const half = size / 2;
  if (index >= half) {
    output[index - half] = value;
    output[3 * half - 1 - index] = -value;
  } else {
    output[3 * half - 1 - index] = -value;
    output[3 * half + index] = -value;
  }
}
