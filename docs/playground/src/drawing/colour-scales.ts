type Colour = readonly [number, number, number];

/** From dark to bright with increasing lightness, so that it also works in greyscale. */
const sequentialStops: readonly Colour[] = [
  [8, 12, 26],
  [24, 48, 92],
  [22, 100, 120],
  [62, 152, 118],
  [160, 196, 96],
  [252, 238, 160],
];

/** From below the mean to above it. */
const divergingStops: readonly Colour[] = [
  [24, 74, 140],
  [110, 160, 204],
  [240, 240, 236],
  [226, 150, 104],
  [160, 52, 28],
];

/** 256 pixels in the format of a canvas (little-endian RGBA). */
export const sequentialColours = scaleOf(sequentialStops);
export const divergingColours = scaleOf(divergingStops);

function scaleOf(stops: readonly Colour[]): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, index) => {
    const place = (index / 255) * (stops.length - 1);
    const left = Math.min(stops.length - 2, Math.floor(place));
    const mix = (channel: number) =>
      Math.round(stops[left][channel] + (place - left) * (stops[left + 1][channel] - stops[left][channel]));
    return (255 << 24) | (mix(2) << 16) | (mix(1) << 8) | mix(0);
  });
}

/** Colours of labels that most people can distinguish in both schemes; labels also have different shapes. */
export const labelColours = ['#c2571a', '#2f7fbf', '#3c8f4e', '#a8579a', '#8a7410', '#c24a62', '#1f8f8f', '#7066c4'];
