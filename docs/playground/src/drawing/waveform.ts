import { colour, prepareCanvas } from './canvas.js';

/** Draws the smallest and largest sample of each column; quiet clips are scaled up. */
export function drawWaveform(canvas: HTMLCanvasElement, peaks: Float32Array): void {
  const { context, width, height } = prepareCanvas(canvas);
  const columns = peaks.length / 2;
  let loudest = 0.05;
  for (const value of peaks) loudest = Math.max(loudest, Math.abs(value));
  const middle = height / 2;
  const scale = (middle - 2) / loudest;
  context.fillStyle = colour('line');
  context.fillRect(0, middle - 0.5, width, 1);
  context.fillStyle = colour('wave');
  context.beginPath();
  for (let column = 0; column < columns; column += 1) {
    const top = middle - peaks[2 * column + 1] * scale;
    const bottom = middle - peaks[2 * column] * scale;
    context.rect((column * width) / columns, top, Math.max(1, width / columns), Math.max(1, bottom - top));
  }
  context.fill();
}
