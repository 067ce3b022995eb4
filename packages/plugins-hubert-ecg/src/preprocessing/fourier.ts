import FFT from 'fft.js';

/**
 * Discrete Fourier transforms of one length, over complex signals: real and imaginary parts alternate, so two real
 * signals are transformed at once.
 */
export interface FourierTransform {
  readonly length: number;
  /** `X[k] = sum over n of x[n] exp(-2 pi i k n / length)`; `input` may be `output`. */
  forward(input: Float64Array, output: Float64Array): void;
  /** The inverse, with its factor `1 / length`. */
  inverse(input: Float64Array, output: Float64Array): void;
}

/** Transforms of any length: powers of two directly, other lengths as a convolution (Bluestein 1970). */
export function fourierTransform(length: number): FourierTransform {
  return Number.isInteger(Math.log2(length)) && length >= 2 ? powerOfTwo(length) : bluestein(length);
}

function powerOfTwo(length: number): FourierTransform {
  const fft = new FFT(length);
  // fft.js must not write over its input.
  const scratch = new Float64Array(2 * length);
  return {
    length,
    forward(input, output) {
      fft.transform(scratch, input);
      output.set(scratch);
    },
    inverse(input, output) {
      fft.inverseTransform(scratch, input);
      output.set(scratch);
    },
  };
}

/**
 * With k n = (k^2 + n^2 - (k - n)^2) / 2, a transform is a convolution with a chirp, multiplied by the chirp before and
 * after.
 */
function bluestein(length: number): FourierTransform {
  const inner = powerOfTwo(2 ** Math.max(1, Math.ceil(Math.log2(2 * length - 1))));
  const chirp = new Float64Array(2 * length);
  const kernel = new Float64Array(2 * inner.length);
  for (let index = 0; index < length; index += 1) {
    // The square modulo the chirp's period, kept under 2^53 by taking the remainder early.
    const phase = (Math.PI * squareModulo(index, 2 * length)) / length;
    const [real, imaginary] = [Math.cos(phase), Math.sin(phase)];
    chirp.set([real, -imaginary], 2 * index);
    kernel.set([real, imaginary], 2 * index);
    if (index > 0) kernel.set([real, imaginary], 2 * (inner.length - index));
  }
  inner.forward(kernel, kernel);
  const work = new Float64Array(2 * inner.length);

  /** `sign` 1 for the forward transform; -1 conjugates input and output, which makes it the inverse. */
  const transform = (input: Float64Array, output: Float64Array, sign: 1 | -1, scale: number) => {
    work.fill(0);
    multiplyInto(work, input, chirp, length, sign);
    inner.forward(work, work);
    multiplyInto(work, work, kernel, inner.length, 1);
    inner.inverse(work, work);
    multiplyInto(output, work, chirp, length, 1);
    for (let index = 0; index < 2 * length; index += 2) {
      output[index] *= scale;
      output[index + 1] *= sign * scale;
    }
  };
  return {
    length,
    forward: (input, output) => {
      transform(input, output, 1, 1);
    },
    inverse: (input, output) => {
      transform(input, output, -1, 1 / length);
    },
  };
}

/** `target = left * right`, with `left` conjugated if `sign` is -1. */
function multiplyInto(
  target: Float64Array,
  left: Float64Array,
  right: Float64Array,
  count: number,
  sign: 1 | -1,
): void {
  for (let index = 0; index < 2 * count; index += 2) {
    const real = left[index];
    const imaginary = sign * left[index + 1];
    target[index] = real * right[index] - imaginary * right[index + 1];
    target[index + 1] = real * right[index + 1] + imaginary * right[index];
  }
}

/** `value^2 mod modulus` for `value < modulus < 2^31`, exactly. */
function squareModulo(value: number, modulus: number): number {
  const high = Math.floor(value / 65_536);
  const low = value % 65_536;
  return (((value * high) % modulus) * 65_536 + value * low) % modulus;
}
