import type { NodeProto } from './generated/onnx_pb.js';
import { float32, NodeWriter } from './node-writer.js';

/** Equivalents of ONNX Runtime's operators in standard ONNX; undefined for a form that has none. */
export type WriteOut = (node: NodeProto) => NodeProto[] | undefined;

/** By operator name in the domain `com.microsoft`. */
export const writtenOut: ReadonlyMap<string, WriteOut> = new Map<string, WriteOut>([
  ['MultiHeadAttention', attention],
  ['FastGelu', (node) => gelu(node, tanhGelu)],
  ['Gelu', (node) => gelu(node, exactGelu)],
  ['BiasGelu', (node) => gelu(node, exactGelu)],
  ['QuickGelu', (node) => gelu(node, sigmoidGelu)],
  ['MatMulIntegerToFloat', integerProduct],
]);

/** softmax(Q K^T / sqrt(width of a head)) V for each head; see `multiHeadAttention`. Without masks, biases and caches. */
export function attention(node: NodeProto): NodeProto[] | undefined {
  const writer = new NodeWriter(node);
  const hasThreeInputs = node.input.every((name, index) => (name !== '') === index < 3) && node.input.length >= 3;
  const hasOneOutput = node.output.every((name, index) => (name !== '') === index < 1);
  if (!hasThreeInputs || !hasOneOutput || writer.integerAttribute('unidirectional', 0n) !== 0n) return undefined;
  const split = writer.integers('split', [0, 0, Number(writer.integerAttribute('num_heads', 1n)), -1]);
  const byHead = (input: string, part: string, perm: readonly bigint[]) =>
    writer.add('Transpose', [writer.add('Reshape', [input, split], `${part}/heads`)], part, { perm });
  const query = byHead(node.input[0], 'query', [0n, 2n, 1n, 3n]);
  const key = byHead(node.input[1], 'key', [0n, 2n, 3n, 1n]);
  const value = byHead(node.input[2], 'value', [0n, 2n, 1n, 3n]);
  const products = writer.add('MatMul', [query, key], 'products');
  const scale = writer.floatAttribute('scale', 0);
  const scores =
    scale === 0
      ? writer.add('Div', [products, rootOfWidth(writer, query)], 'scores')
      : writer.add('Mul', [products, writer.scalar('scale', scale)], 'scores');
  const attended = writer.add('MatMul', [writer.add('Softmax', [scores], 'shares', { axis: -1n }), value], 'attended');
  const together = writer.add('Transpose', [attended], 'together', { perm: [0n, 2n, 1n, 3n] });
  writer.add('Reshape', [together, writer.integers('joined', [0, 0, -1])], undefined);
  return writer.nodes;
}

/** From the shape of the split input. */
function rootOfWidth(writer: NodeWriter, query: string): string {
  const size = writer.add('Shape', [query], 'size', { start: 3n, end: 4n });
  return writer.add('Sqrt', [writer.add('Cast', [size], 'width', { to: BigInt(float32) })], 'root');
}

/** Writes an activation of the input with the given name; the last node uses the output name of the replaced one. */
type Activation = (writer: NodeWriter, input: string) => void;

/** `input`, plus the bias if there is one. */
function gelu(node: NodeProto, activation: Activation): NodeProto[] {
  const writer = new NodeWriter(node);
  const [input, bias = ''] = node.input;
  activation(writer, bias === '' ? input : writer.add('Add', [input, bias], 'biased'));
  return writer.nodes;
}

/** 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) */
function tanhGelu(writer: NodeWriter, input: string): void {
  const square = writer.add('Mul', [input, input], 'square');
  const part = writer.add('Mul', [square, writer.scalar('cubic', 0.044715)], 'part');
  const factor = writer.add('Add', [part, writer.scalar('one', 1)], 'factor');
  const cube = writer.add('Mul', [input, factor], 'cube');
  const bent = writer.add(
    'Tanh',
    [writer.add('Mul', [cube, writer.scalar('root', Math.sqrt(2 / Math.PI))], 'inner')],
    'bent',
  );
  halved(writer, input, writer.add('Add', [bent, writer.scalar('whole', 1)], 'share'));
}

/** 0.5 x (1 + erf(x / sqrt(2))) */
function exactGelu(writer: NodeWriter, input: string): void {
  const scaled = writer.add('Mul', [input, writer.scalar('root', Math.SQRT1_2)], 'scaled');
  halved(writer, input, writer.add('Add', [writer.add('Erf', [scaled], 'bent'), writer.scalar('one', 1)], 'share'));
}

function halved(writer: NodeWriter, input: string, share: string): void {
  writer.add('Mul', [writer.add('Mul', [input, share], 'double'), writer.scalar('half', 0.5)], undefined);
}

/** x sigmoid(alpha x) */
function sigmoidGelu(writer: NodeWriter, input: string): void {
  const alpha = writer.scalar('alpha', writer.floatAttribute('alpha', 1.702));
  writer.add('Mul', [input, writer.add('Sigmoid', [writer.add('Mul', [input, alpha], 'scaled')], 'share')], undefined);
}

/** The product of quantised matrices, times both scales. */
function integerProduct(node: NodeProto): NodeProto[] {
  const writer = new NodeWriter(node);
  const [left, right, leftScale, rightScale, leftZero = '', rightZero = '', bias = ''] = node.input;
  const points = rightZero !== '' ? [leftZero, rightZero] : leftZero !== '' ? [leftZero] : [];
  const product = writer.add('MatMulInteger', [left, right, ...points], 'product');
  const whole = writer.add('Cast', [product], 'float', { to: BigInt(float32) });
  const scale = writer.add('Mul', [leftScale, rightScale], 'scale');
  const scaled = writer.add('Mul', [whole, scale], bias === '' ? undefined : 'scaled');
  if (bias !== '') writer.add('Add', [scaled, bias], undefined);
  return writer.nodes;
}
