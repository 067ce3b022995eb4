/**
 * A fast Fourier transform in place, radix 2 (Cooley and Tukey 1965).
 *
 * @param size a power of two
 */
export function createFft(size: number): (real: Float64Array, imaginary: Float64Array) => void {
  const cosines = Float64Array.from({ length: size / 2 }, (_, index) => Math.cos((2 * Math.PI * index) / size));
  const sines = Float64Array.from({ length: size / 2 }, (_, index) => -Math.sin((2 * Math.PI * index) / size));
  const reversed = new Uint32Array(size);
  for (let index = 1; index < size; index += 1) {
    reversed[index] = (reversed[index >> 1] >> 1) | (index & 1 ? size >> 1 : 0);
  }
  return (real, imaginary) => {
    for (let index = 0; index < size; index += 1) {
      const other = reversed[index];
      if (other <= index) continue;
      [real[index], real[other]] = [real[other], real[index]];
      [imaginary[index], imaginary[other]] = [imaginary[other], imaginary[index]];
    }
    for (let half = 1; half < size; half *= 2) {
      const stride = size / (2 * half);
      for (let start = 0; start < size; start += 2 * half) {
        for (let offset = 0; offset < half; offset += 1) {
          const [even, odd] = [start + offset, start + offset + half];
          const [cosine, sine] = [cosines[offset * stride], sines[offset * stride]];
          const turnedReal = real[odd] * cosine - imaginary[odd] * sine;
          const turnedImaginary = real[odd] * sine + imaginary[odd] * cosine;
          real[odd] = real[even] - turnedReal;
          imaginary[odd] = imaginary[even] - turnedImaginary;
          real[even] += turnedReal;
          imaginary[even] += turnedImaginary;
        }
      }
    }
  };
}
