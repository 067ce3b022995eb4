import type { GraphProto, NodeProto } from '@hearken/onnx/internal';
import { dataTypeOf, elementsOf, sizeOf } from '../graph/tensor-elements.js';

/** Operators that multiply by weights. */
const matrices = setOf(
  'MatMul Gemm Conv ConvTranspose Einsum LSTM GRU RNN FusedMatMul FusedGemm FusedConv Attention MultiHeadAttention',
);
const norms = setOf(
  'BatchNormalization InstanceNormalization LayerNormalization GroupNormalization RMSNormalization GroupNorm ' +
    'SkipLayerNormalization SimplifiedLayerNormalization SkipSimplifiedLayerNormalization',
);
/** Operators between the layers of networks; front ends have none of them. */
const activations = setOf(
  'Relu LeakyRelu PRelu Elu Selu Celu Gelu FastGelu QuickGelu BiasGelu Erf Sigmoid HardSigmoid HardSwish Swish Mish ' +
    'Softplus Softsign Softmax LogSoftmax Tanh ThresholdedRelu',
);
const shapes = setOf('Shape Size');

/** What is known of a value that depends on the signal. */
interface SignalState {
  /** Whether it may still be of the front end: no activation and no norm before it. */
  readonly isRaw: boolean;
  /** Whether a logarithm was taken of it. */
  readonly isLogarithm: boolean;
  /** Whether a layer's weights are before it, the front end's not among them. */
  readonly isLearned: boolean;
  /** Constants that it was computed with while it was raw. */
  readonly constants: ReadonlySet<string>;
}

/**
 * The weights of a graph that does not name them: floating-point initializers that layers use. These are
 *
 * - operands of products, convolutions, recurrent layers and norms, and slopes of `PRelu`;
 * - operands of more than one element that are added to, multiplied with or joined to what such a layer computed: biases,
 *   written-out norms, embeddings of positions and classes.
 *
 * Constants of a front end are not among them: a window or a scale in front of the first layer, and the matrices that a
 * spectrogram is computed with. Those are recognised by what follows them before any activation or norm: a sum of squares
 * (a power spectrum), a `Log` (mel filters, PCEN), or the operators `STFT` and `DFT`. If nothing is left then, everything
 * that a layer uses is a weight. What this gets wrong, an author can say by names that begin with `checkpoint/`.
 */
export function findWeights(graph: GraphProto): string[] {
  return new WeightFinder(graph).find();
}

class WeightFinder {
  /** Names of the initializers that each value is computed from alone. */
  readonly #constants = new Map<string, ReadonlySet<string>>();
  readonly #states = new Map<string, SignalState>();
  /** Values that are squares. */
  readonly #squares = new Set<string>();
  readonly #candidates = new Set<string>();
  readonly #ofFrontEnd = new Set<string>();
  readonly #sizes: ReadonlyMap<string, number>;
  readonly #twos: ReadonlySet<string>;

  constructor(readonly graph: GraphProto) {
    const floats = graph.initializer.filter(({ dataType }) => dataTypeOf(dataType)?.includes('float'));
    this.#sizes = new Map(floats.map(({ name, dims }) => [name, sizeOf(dims.map(Number))]));
    this.#twos = new Set(graph.initializer.filter((tensor) => isTwo(elementsOf(tensor))).map(({ name }) => name));
    for (const { name } of graph.initializer) {
      this.#constants.set(name, this.#sizes.has(name) ? new Set([name]) : new Set());
    }
    for (const { name } of graph.input) {
      if (!this.#constants.has(name)) {
        this.#states.set(name, { isRaw: true, isLogarithm: false, isLearned: false, constants: new Set() });
      }
    }
  }

  find(): string[] {
    for (const node of this.graph.node) this.#visit(node);
    const names = this.graph.initializer.map(({ name }) => name).filter((name) => this.#candidates.has(name));
    const own = names.filter((name) => !this.#ofFrontEnd.has(name));
    return own.length > 0 ? own : names;
  }

  #visit(node: NodeProto): void {
    const states = node.input.flatMap((name) => this.#states.get(name) ?? []);
    const constants = new Set(node.input.flatMap((name) => [...(this.#constants.get(name) ?? [])]));
    if (states.length === 0 || shapes.has(node.opType)) {
      for (const name of node.output) this.#constants.set(name, shapes.has(node.opType) ? new Set() : constants);
      return;
    }
    if (this.#isSquare(node)) this.#squares.add(node.output[0]);
    const state = this.#after(node, merged(states), constants);
    for (const name of node.output) if (name !== '') this.#states.set(name, state);
  }

  #after(node: NodeProto, before: SignalState, constants: ReadonlySet<string>): SignalState {
    const { opType, input } = node;
    if (norms.has(opType) || activations.has(opType)) {
      this.#accept(constants);
      return { ...before, isRaw: false, isLearned: true };
    }
    const isLayer = matrices.has(opType) && constants.size > 0;
    if (isLayer) this.#accept(constants);
    if (!before.isRaw) {
      if (!isLayer && before.isLearned) this.#accept(this.#tensors(constants));
      return { ...before, isLearned: before.isLearned || isLayer };
    }
    if (isLayer && before.isLogarithm) return { ...before, isRaw: false, isLearned: true };
    // A variance: of a norm that is written out.
    if (opType === 'ReduceMean' && this.#squares.has(input[0])) return { ...before, isRaw: false, isLearned: true };
    if (opType === 'Log' || this.#isSpectrum(node)) {
      for (const name of [...before.constants, ...constants]) this.#ofFrontEnd.add(name);
      return { ...before, isLogarithm: before.isLogarithm || opType === 'Log', constants: new Set() };
    }
    // A window in front of the first product is never a weight; a bias behind one is, if the product is.
    const added = isLayer ? constants : this.#tensors(constants);
    if (before.constants.size > 0) this.#accept(added);
    return {
      ...before,
      constants: new Set([...before.constants, ...(isLayer || before.constants.size > 0 ? added : [])]),
    };
  }

  #accept(names: Iterable<string>): void {
    for (const name of names) this.#candidates.add(name);
  }

  /** Constants of more than one element. */
  #tensors(names: ReadonlySet<string>): Set<string> {
    return new Set([...names].filter((name) => (this.#sizes.get(name) ?? 0) > 1));
  }

  #isSquare({ opType, input: [first, second] }: NodeProto): boolean {
    return (opType === 'Mul' && first === second) || (opType === 'Pow' && this.#twos.has(second));
  }

  #isSpectrum({ opType, input }: NodeProto): boolean {
    if (['STFT', 'DFT', 'ReduceSumSquare', 'ReduceL2'].includes(opType)) return true;
    const isSum = opType === 'Add' || opType === 'Sum';
    return (
      (isSum && input.every((name) => this.#squares.has(name))) ||
      (opType === 'ReduceSum' && this.#squares.has(input[0]))
    );
  }
}

function merged(states: readonly SignalState[]): SignalState {
  return {
    isRaw: states.every(({ isRaw }) => isRaw),
    isLogarithm: states.some(({ isLogarithm }) => isLogarithm),
    isLearned: states.some(({ isLearned }) => isLearned),
    constants: new Set(states.flatMap(({ constants }) => [...constants])),
  };
}

function isTwo(elements: readonly number[] | undefined): boolean {
  return elements?.length === 1 && elements[0] === 2;
}

function setOf(names: string): ReadonlySet<string> {
  return new Set(names.split(' '));
}
