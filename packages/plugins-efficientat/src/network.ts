import {
  batchNorm,
  convolution,
  type GraphBuilder,
  add,
  hardSwish,
  linear,
  mean,
  multiply,
  relu,
  reshape,
  sigmoid,
  spatialMean,
  type Value,
} from '@hearken/onnx';
import {
  batchNormEpsilon,
  type BlockLayout,
  blockLayouts,
  classifierChannels,
  lastExpansion,
  scaledChannels,
  squeezedChannels,
  stemChannels,
  stemStride,
} from './architecture.js';
import type { ModelVariant } from './models.js';

type Activation = BlockLayout['activation'] | 'none';

/** Every feature of the network, as `[n, size]`, created when first requested. */
export type FeatureMakers = ReadonlyMap<string, { readonly size: number; make(): Value }>;

/** Returns the weight with this name, which must have this shape. */
export type WeightSource = (name: string, shape: readonly number[]) => Value;

/** The classifier: an MLP in most models, fully convolutional in the `fc` ones. */
export interface Head {
  readonly kind: 'mlp' | 'convolutional';
  readonly classes: number;
}

/** Adds EfficientAT's network to a graph. */
export class Network {
  constructor(
    readonly graph: GraphBuilder,
    readonly variant: ModelVariant,
    readonly head: Head,
    readonly weight: WeightSource,
    /** Changes what the last layer takes, `[n, channels]`: dropout. */
    readonly drop: (value: Value) => Value = (value) => value,
  ) {}

  /**
   * @param logMel `[n, melBands, frames]`
   * @returns functions that create the features; all layers are added to the graph, and the runtime drops those that no
   *   output needs
   */
  build(logMel: Value): FeatureMakers {
    const { graph } = this;
    const features = new Map<string, { size: number; make(): Value }>();
    features.set('mel_avgs', { size: this.variant.melBands, make: () => mean(graph, logMel, [2]) });

    let channels = this.#channels(stemChannels);
    let hidden = this.#convolution('features.0', graph.node('Unsqueeze', [logMel, graph.integers([1])]), {
      input: 1,
      output: channels,
      kernel: 3,
      stride: stemStride,
      activation: 'hardSwish',
    });
    const collect = (index: number, value: Value, size: number) =>
      features.set(`b${index}`, { size, make: () => spatialMean(graph, value) });
    collect(0, hidden, channels);

    blockLayouts(this.variant.strides).forEach((layout, position) => {
      const index = position + 1;
      hidden = this.#block(`features.${index}.block`, hidden, channels, layout);
      channels = this.#channels(layout.output);
      collect(index, hidden, channels);
    });

    hidden = this.#convolution('features.16', hidden, {
      input: channels,
      output: channels * lastExpansion,
      kernel: 1,
      stride: 1,
      activation: 'hardSwish',
    });
    collect(16, hidden, channels * lastExpansion);
    this.#classifier(features, hidden, channels * lastExpansion);
    return features;
  }

  #block(prefix: string, input: Value, inputChannels: number, layout: BlockLayout): Value {
    const expanded = this.#channels(layout.expanded);
    const output = this.#channels(layout.output);
    let hidden = input;
    let layer = 0;
    if (expanded !== inputChannels) {
      const expansion = { input: inputChannels, output: expanded, kernel: 1, stride: 1, activation: layout.activation };
      hidden = this.#convolution(`${prefix}.${layer++}`, hidden, expansion);
    }
    hidden = this.#convolution(`${prefix}.${layer++}`, hidden, {
      input: 1,
      output: expanded,
      kernel: layout.kernel,
      stride: layout.stride,
      groups: expanded,
      activation: layout.activation,
    });
    if (layout.squeezeExcitation) {
      hidden = this.#squeezeExcitation(`${prefix}.${layer++}.conc_se_layers.0`, hidden, expanded);
    }
    const projection = { input: expanded, output, kernel: 1, stride: 1, activation: 'none' as const };
    hidden = this.#convolution(`${prefix}.${layer}`, hidden, projection);
    return layout.stride === 1 && inputChannels === output ? add(this.graph, hidden, input) : hidden;
  }

  /** Channel-wise squeeze and excitation (Hu et al. 2018, arXiv 1709.01507), its gate a plain sigmoid. */
  #squeezeExcitation(prefix: string, input: Value, channels: number): Value {
    const { graph } = this;
    const squeezed = squeezedChannels(channels);
    const first = this.#linear(`${prefix}.fc1`, spatialMean(graph, input), channels, squeezed);
    const second = this.#linear(`${prefix}.fc2`, relu(graph, first), squeezed, channels);
    return multiply(graph, input, reshape(graph, sigmoid(graph, second), [0, channels, 1, 1]));
  }

  #classifier(features: Map<string, { size: number; make(): Value }>, last: Value, channels: number): void {
    const { graph } = this;
    const pooled = () => spatialMean(graph, last);
    const { kind, classes } = this.head;
    // In both kinds of head, the authors' wrapper uses this name for the pooled output of the last convolution.
    features.set('clf1', { size: channels, make: pooled });
    if (kind === 'convolutional') {
      features.set('logits', {
        size: classes,
        make: () => {
          const shape = { input: channels, output: classes, kernel: 1, stride: 1, activation: 'none' as const };
          // The head's batch norm uses PyTorch's default, unlike the network's.
          return spatialMean(graph, this.#convolution('classifier', last, shape, 1e-5));
        },
      });
      return;
    }
    const hiddenChannels = this.#channels(classifierChannels);
    const hidden = () => hardSwish(graph, this.#linear('classifier.2', pooled(), channels, hiddenChannels));
    features.set('clf2', { size: hiddenChannels, make: hidden });
    features.set('logits', {
      size: classes,
      make: () => this.#linear('classifier.5', this.drop(hidden()), hiddenChannels, classes),
    });
  }

  /** Convolution `<prefix>.0`, batch norm `<prefix>.1`, activation. */
  #convolution(
    prefix: string,
    input: Value,
    layer: {
      input: number;
      output: number;
      kernel: number;
      stride: number;
      groups?: number;
      activation: Activation;
    },
    epsilon = batchNormEpsilon,
  ): Value {
    const { graph } = this;
    const { kernel, stride } = layer;
    const weight = this.weight(`${prefix}.0.weight`, [layer.output, layer.input, kernel, kernel]);
    const padding = (kernel - 1) / 2;
    const convolved = convolution(graph, input, weight, [kernel, kernel], {
      stride: [stride, stride],
      padding: [padding, padding],
      groups: layer.groups,
    });
    const vector = (name: string) => this.weight(`${prefix}.1.${name}`, [layer.output]);
    const weights = {
      scale: vector('weight'),
      bias: vector('bias'),
      mean: vector('running_mean'),
      variance: vector('running_var'),
    };
    const normalised = batchNorm(graph, convolved, weights, epsilon);
    if (layer.activation === 'none') return normalised;
    return layer.activation === 'relu' ? relu(graph, normalised) : hardSwish(graph, normalised);
  }

  #linear(prefix: string, input: Value, inputs: number, outputs: number): Value {
    const weight = this.weight(`${prefix}.weight`, [outputs, inputs]);
    return linear(this.graph, input, weight, this.weight(`${prefix}.bias`, [outputs]));
  }

  #channels(channels: number): number {
    return scaledChannels(channels, this.variant.width);
  }
}
