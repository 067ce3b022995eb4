import type { FeatureLayout } from './choices.js';

/** The values of `{{...}}` in templates for the layout of features in the input of a model. */
export function featurePlaceholders({
  axes = ['n', 'bands', 'frames'],
  bands = 64,
  frames,
  oneByOne = false,
}: Partial<FeatureLayout> = {}): Record<string, string> {
  const sizes = { n: "'n'", 1: '1', bands: 'bands', frames: "frames ?? 'frames'" };
  const steps: string[] = [];
  const layers: string[] = [];
  let last = 'spectrogram';
  if (axes.indexOf('frames') < axes.indexOf('bands')) {
    steps.push(`const framesFirst = transpose(graph, ${last}, [0, 2, 1]);`);
    layers.push('transpose');
    last = 'framesFirst';
  }
  const channel = axes.indexOf('1');
  if (channel > 0) {
    steps.push(`const oneChannel = graph.node('Unsqueeze', [${last}, graph.integers([${channel}])]);`);
    last = 'oneChannel';
  }
  return {
    bands: String(bands),
    frames: `${frames}`,
    featureShape: `[${axes.map((axis) => sizes[axis]).join(', ')}]`,
    layoutLayers: layers.map((name) => `, ${name}`).join(''),
    layoutSteps: steps.map((step) => `\n  ${step}`).join(''),
    features: last,
    // What remains of a model's input after these is [n, bands].
    meanAxes: axes.flatMap((axis, index) => (axis === 'frames' || axis === '1' ? [index] : [])).join(', '),
    batchSize: oneByOne ? '1' : '16',
  };
}
