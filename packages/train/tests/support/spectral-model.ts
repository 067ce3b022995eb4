import { Random } from '@hearken/metrics';
import { GraphBuilder, layerNorm, linear, matmul, mean, multiply, relu, reshape, type Value } from '@hearken/onnx';
import type { Examples } from '../../src/index.js';

const [frame, bins, bands, width] = [16, 9, 6, 8];
export const sampleRate = 160;

/** How a made-up model differs. */
export interface SpectralOptions {
  /** Samples of the signal; default: any number of frames. */
  readonly samples?: number;
  /** Makes a weight; default: a constant of the graph without a name. */
  readonly weight?: (graph: GraphBuilder, name: string, values: Float32Array, shape: readonly number[]) => Value;
  /** An activation of the blocks; default: Relu. */
  readonly activate?: (graph: GraphBuilder, value: Value) => Value;
  readonly ends?: { readonly input: string; readonly output: string };
}

/**
 * A model from a waveform to an embedding `[n, 8]`, with its front end inside (a window, a DFT by matrices, bands, a
 * logarithm, a scale for each band), and two blocks with made-up weights, then a mean over time.
 */
export function spectralModel(options: SpectralOptions = {}): Uint8Array<ArrayBuffer> {
  const { samples = 'samples', weight = plainWeight, activate = relu } = options;
  const { input, output } = options.ends ?? { input: 'signal', output: 'embedding' };
  const random = new Random(5);
  const graph = new GraphBuilder('spectral');
  const signal = graph.input(input, ['n', samples]);
  const frames = multiply(graph, reshape(graph, signal, [0, -1, frame]), graph.constant(hann(), [frame]));
  const part = (wave: (angle: number) => number) => {
    const values = Float32Array.from({ length: frame * bins }, (_, index) =>
      wave((2 * Math.PI * Math.floor(index / bins) * (index % bins)) / frame),
    );
    const found = matmul(graph, frames, graph.constant(values, [frame, bins]));
    return multiply(graph, found, found);
  };
  const power = graph.node('Add', [part(Math.cos), part(Math.sin)]);
  const filters = Float32Array.from({ length: bins * bands }, (_, index) =>
    Math.max(0, 1 - Math.abs(Math.floor(index / bands) - (index % bands) * 1.5)),
  );
  const energy = matmul(graph, power, graph.constant(filters, [bins, bands]));
  const logarithm = graph.node('Log', [graph.node('Add', [energy, graph.constant(1e-3)])]);
  const scaled = multiply(graph, logarithm, graph.constant(new Float32Array(bands).fill(0.3), [bands]));
  const draw = (name: string, shape: readonly number[], deviation = 0.4) =>
    weight(
      graph,
      name,
      Float32Array.from(
        { length: shape.reduce((product, size) => product * size, 1) },
        () => deviation * random.normal(),
      ),
      shape,
    );
  const layer = (name: string, value: Value, inputs: number) => {
    const product = matmul(graph, value, draw(`${name}.query.weight`, [inputs, width]));
    return graph.node('Add', [product, draw(`${name}.query.bias`, [width], 0.1)]);
  };
  let hidden = layer('stem', scaled, bands);
  for (let block = 0; block < 2; block += 1) {
    hidden = graph.node('Add', [hidden, activate(graph, layer(`layers.${block}`, hidden, width))]);
  }
  const pooled = mean(graph, hidden, [1]);
  const projected = linear(graph, pooled, draw('last.weight', [width, width]), draw('last.bias', [width], 0.1));
  const norm = { scale: draw('norm.weight', [width]), bias: draw('norm.bias', [width]) };
  graph.output(output, layerNorm(graph, projected, norm, 1e-6), ['n', width]);
  return graph.build();
}

/** Number of elements of the blocks, and of everything that is learned. */
export const spectralElements = {
  block: width * width + width,
  all: bands * width + width + 2 * (width * width + width) + width * width + width + 2 * width,
  width,
};

function plainWeight(graph: GraphBuilder, _: string, values: Float32Array, shape: readonly number[]): Value {
  return graph.constant(values, shape);
}

function hann(): Float32Array {
  return Float32Array.from({ length: frame }, (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / frame));
}

/** Sine waves in noise whose frequency is the class: 3 classes. */
export function tones(
  count: number,
  seed: number,
  samples: number,
): Examples & { readonly labels: number[]; readonly signals: Float32Array[] } {
  const random = new Random(seed);
  const labels = Array.from({ length: count }, (_, index) => index % 3);
  const signals = labels.map((label) => {
    const phase = random.uniform(0, 6);
    return Float32Array.from(
      { length: samples },
      (_, at) => Math.sin(phase + 2 * Math.PI * (0.07 + 0.06 * label) * at) + 0.7 * random.normal(),
    );
  });
  return {
    ...{ count, size: samples, outputs: 3, labels, signals },
    gather(order, start, end, examples, targets) {
      for (let place = start; place < end; place += 1) {
        examples.set(signals[order[place]], (place - start) * samples);
        for (let label = 0; label < 3; label += 1) {
          targets[(place - start) * 3 + label] = labels[order[place]] === label ? 1 : 0;
        }
      }
    },
  };
}
