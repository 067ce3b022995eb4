import type { EcgPicture } from '../work/jobs.js';
import { colour } from './canvas.js';

/** CSS pixels per millimetre on the sheet. Sizes on a screen are not exact, but the proportions are right. */
const millimetre = 4;
const millimetresPerSecond = 25;
const millimetresPerMillivolt = 10;
/** Millimetres per lead, for 1.5 mV. */
const rowMillimetres = 15;
/** Space above the first row. */
const topMillimetres = 5;

/** Draws leads below each other like an electrocardiograph, at 25 mm/s and 10 mm/mV. */
export function drawEcgPaper(canvas: HTMLCanvasElement, { signal, leads, sampleRate }: EcgPicture): void {
  const samples = signal.length / leads.length;
  const width = Math.ceil((samples / sampleRate) * millimetresPerSecond) * millimetre;
  const height = (topMillimetres + leads.length * rowMillimetres) * millimetre;
  const scale = width * height > 4e6 ? 1 : Math.min(2, devicePixelRatio);
  canvas.width = width * scale;
  canvas.height = height * scale;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  drawGrid(context, width, height);
  context.strokeStyle = context.fillStyle = colour('ink');
  context.lineWidth = 1.2;
  context.lineJoin = 'round';
  context.font = '600 13px system-ui, sans-serif';
  const step = (millimetresPerSecond * millimetre) / sampleRate;
  leads.forEach((lead, row) => {
    const middle = (topMillimetres + (row + 0.5) * rowMillimetres) * millimetre;
    context.beginPath();
    for (let index = 0; index < samples; index += 1) {
      const value = signal[row * samples + index];
      context.lineTo(index * step, middle - value * millimetresPerMillivolt * millimetre);
    }
    context.stroke();
    context.fillText(lead, 4, middle - 0.3 * rowMillimetres * millimetre);
  });
}

/** A line every millimetre, and a stronger one every five. */
function drawGrid(context: CanvasRenderingContext2D, width: number, height: number): void {
  context.fillStyle = colour('paper');
  context.fillRect(0, 0, width, height);
  for (const [spacing, name] of [
    [1, 'paper-fine'],
    [5, 'paper-coarse'],
  ] as const) {
    context.strokeStyle = colour(name);
    context.lineWidth = spacing === 1 ? 0.5 : 1;
    context.beginPath();
    for (let x = 0; x <= width; x += spacing * millimetre) {
      context.moveTo(x, 0);
      context.lineTo(x, height);
    }
    for (let y = 0; y <= height; y += spacing * millimetre) {
      context.moveTo(0, y);
      context.lineTo(width, y);
    }
    context.stroke();
  }
}
