import { expect, it } from 'vitest';
import { InverseMdct } from '../../../src/audio/codecs/inverse-mdct.js';

it.each([4, 8, 64, 256])('InverseMdct of %d values is the sum of cosines', (size) => {
  const spectrum = Float64Array.from({ length: size }, (_, index) => Math.sin(index * index + 1));
  const output = new Float64Array(2 * size);
  new InverseMdct(size).transform(spectrum, output);
  for (let index = 0; index < 2 * size; index += 1) {
    const sum = spectrum.reduce(
      (total, value, line) => total + value * Math.cos((Math.PI / size) * (index + 0.5 + size / 2) * (line + 0.5)),
      0,
    );
    expect(output[index]).toBeCloseTo(sum, 9);
  }
});
