import { sequentialColours } from './colour-scales.js';

/** Decibels between the darkest and the brightest. */
const rangeDecibels = 70;

/** Draws `[columns, bands]` decibels with one pixel each; the style sheet stretches the picture. */
export function drawSpectrogram(canvas: HTMLCanvasElement, logMel: Float32Array, bands: number): void {
  const columns = logMel.length / bands;
  let loudest = -Infinity;
  for (const value of logMel) loudest = Math.max(loudest, value);
  canvas.width = columns;
  canvas.height = bands;
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(columns, bands);
  const pixels = new Uint32Array(image.data.buffer);
  for (let column = 0; column < columns; column += 1) {
    for (let band = 0; band < bands; band += 1) {
      const level = (logMel[column * bands + band] - loudest) / rangeDecibels + 1;
      const shade = Math.max(0, Math.min(255, Math.round(255 * level)));
      pixels[(bands - 1 - band) * columns + column] = sequentialColours[shade];
    }
  }
  context.putImageData(image, 0, 0);
}
