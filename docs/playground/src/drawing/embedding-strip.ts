import { divergingColours } from './colour-scales.js';

/** Draws an embedding with one bar per value: blue below its mean, red above, full colour at three deviations. */
export function drawEmbedding(canvas: HTMLCanvasElement, embedding: Float32Array): void {
  const mean = embedding.reduce((sum, value) => sum + value, 0) / embedding.length;
  const deviation = Math.sqrt(embedding.reduce((sum, value) => sum + (value - mean) ** 2, 0) / embedding.length);
  canvas.width = embedding.length;
  canvas.height = 1;
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(embedding.length, 1);
  const pixels = new Uint32Array(image.data.buffer);
  embedding.forEach((value, index) => {
    const place = deviation === 0 ? 0 : (value - mean) / (3 * deviation);
    pixels[index] = divergingColours[Math.max(0, Math.min(255, Math.round(127.5 * (1 + place))))];
  });
  context.putImageData(image, 0, 0);
}
