import { GraphBuilder } from '../graph/graph-builder.js';
import type { SessionFactory } from '../session/session.js';
import { linearLayers } from '../graph/quantized-linear.js';
import type { ByteType } from './quantized-layout.js';

const [rows, inputs, outputs] = [8, 64, 32];
const largest = 127;

const known = new Map<SessionFactory, Promise<ByteType>>();

/**
 * The type of quantised weights that this machine multiplies exactly. On x86 without VNNI (AMD before Zen 4, Intel
 * before Ice Lake), ONNX Runtime adds two products of an unsigned and a signed byte in 16 bits, which overflow; two
 * unsigned ones take twice the time, but are exact everywhere. There is no way to ask which kernel is in use, so it is
 * tested.
 */
export function exactByteType(createSession: SessionFactory): Promise<ByteType> {
  const found = known.get(createSession) ?? tryLargestProducts(createSession);
  known.set(createSession, found);
  return found;
}

async function tryLargestProducts(createSession: SessionFactory): Promise<ByteType> {
  const graph = new GraphBuilder('largest-products');
  const layer = {
    weight: graph.bytes(new Int8Array(inputs * outputs).fill(largest), [inputs, outputs]),
    scales: graph.constant(new Float32Array(outputs).fill(1)),
  };
  const [product] = linearLayers(graph, graph.input('signal', ['n', inputs]), [layer], 0);
  graph.output('product', product, ['n', outputs]);
  const session = await createSession(graph.build(), { threads: 1, spin: false });
  try {
    const signal = { data: new Float32Array(rows * inputs).fill(1), shape: [rows, inputs] };
    const values = (await session.run({ signal })).product.data as Float32Array;
    return values.every((value) => Math.abs(value - inputs * largest) < 1) ? 'int8' : 'uint8';
  } finally {
    await session.dispose();
  }
}
