/** Widths of the scale factor bands of layer III by sample rate (ISO/IEC 11172-3, table B.8; 13818-3, table B.2; LAME for MPEG 2.5). */
const longWidths: Readonly<Record<number, readonly number[]>> = {
  44100: [4, 4, 4, 4, 4, 4, 6, 6, 8, 8, 10, 12, 16, 20, 24, 28, 34, 42, 50, 54, 76, 158],
  48000: [4, 4, 4, 4, 4, 4, 6, 6, 6, 8, 10, 12, 16, 18, 22, 28, 34, 40, 46, 54, 54, 192],
  32000: [4, 4, 4, 4, 4, 4, 6, 6, 8, 10, 12, 16, 20, 24, 30, 38, 46, 56, 68, 84, 102, 26],
  22050: [6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 38, 46, 52, 60, 68, 58, 54],
  24000: [6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 16, 18, 22, 26, 32, 38, 46, 54, 62, 70, 76, 36],
  16000: [6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 38, 46, 52, 60, 68, 58, 54],
  11025: [6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 38, 46, 52, 60, 68, 58, 54],
  12000: [6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 38, 46, 52, 60, 68, 58, 54],
  8000: [12, 12, 12, 12, 12, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 76, 90, 2, 2, 2, 2, 2],
};
const shortWidths: Readonly<Record<number, readonly number[]>> = {
  44100: [4, 4, 4, 4, 6, 8, 10, 12, 14, 18, 22, 30, 56],
  48000: [4, 4, 4, 4, 6, 6, 10, 12, 14, 16, 20, 26, 66],
  32000: [4, 4, 4, 4, 6, 8, 12, 16, 20, 26, 34, 42, 12],
  22050: [4, 4, 4, 6, 6, 8, 10, 14, 18, 26, 32, 42, 18],
  24000: [4, 4, 4, 6, 8, 10, 12, 14, 18, 24, 32, 44, 12],
  16000: [4, 4, 4, 6, 8, 10, 12, 14, 18, 24, 30, 40, 18],
  11025: [4, 4, 4, 6, 8, 10, 12, 14, 18, 24, 30, 40, 18],
  12000: [4, 4, 4, 6, 8, 10, 12, 14, 18, 24, 30, 40, 18],
  8000: [8, 8, 8, 12, 16, 20, 24, 28, 36, 2, 2, 2, 26],
};

/** Where each band begins, and where the last one ends. */
export interface Bands {
  /** 23 positions among 576 lines. */
  readonly long: readonly number[];
  /** 14 positions among the 192 lines of a short window. */
  readonly short: readonly number[];
}

export function bandsOf(sampleRate: number): Bands {
  return { long: placesOf(longWidths[sampleRate]), short: placesOf(shortWidths[sampleRate]) };
}

function placesOf(widths: readonly number[]): number[] {
  const places = [0];
  for (const width of widths) places.push(places[places.length - 1] + width);
  return places;
}
