import { create, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { CheckpointError } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelProtoSchema } from '../../src/graph/generated/onnx_pb.js';
import { GraphBuilder, onnxValueText, readOnnxHeader } from '../../src/index.js';

function model(): Uint8Array {
  const graph = new GraphBuilder('small', 'weights.bin');
  const signal = graph.input('signal', ['n', 1, 16_000]);
  const weights = { name: 'w', dataType: 'float32', shape: [16_000, 2], offset: 64, byteLength: 128_000 } as const;
  graph.output('embedding', graph.node('MatMul', [signal, graph.external(weights)]), ['n', 2]);
  return graph.build();
}

describe('readOnnxHeader', () => {
  it('reads inputs, outputs, operator sets and external data', () => {
    const header = readOnnxHeader(model(), 'small.onnx');
    expect(header.inputs).toEqual([{ name: 'signal', dataType: 'float32', shape: ['n', 1, 16_000] }]);
    expect(header.outputs.map(onnxValueText)).toEqual(['embedding float32 [n, 2]']);
    expect(header.opsets.get('')).toBe(21);
    expect(header.externalRanges).toEqual([
      { tensor: 'checkpoint/w', location: 'weights.bin', offset: 64, length: 128_000 },
    ]);
    expect(header.operatorDomains).toEqual([]);
  });

  it('reads metadata, and leaves out inputs that have an initializer', () => {
    const bytes = toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, {
        irVersion: 3n,
        opsetImport: [{ domain: 'ai.onnx', version: 9n }],
        metadataProps: [{ key: 'sampleRate', value: '16000' }],
        graph: { input: [{ name: 'x' }, { name: 'w' }], initializer: [{ name: 'w' }], output: [{ name: 'y' }] },
      }),
    );
    const { inputs, metadata, opsets } = readOnnxHeader(bytes, 'old.onnx');
    expect(inputs).toEqual([{ name: 'x', dataType: 'no tensor', shape: undefined }]);
    expect([...metadata]).toEqual([['sampleRate', '16000']]);
    expect(opsets.get('')).toBe(9);
  });

  /** `field` as a message in which `write` wrote. */
  const message = (field: number, inner: Uint8Array) =>
    new BinaryWriter().tag(field, WireType.LengthDelimited).bytes(inner).finish();
  const join = (...parts: Uint8Array[]) => new Uint8Array(parts.flatMap((part) => [...part]));

  it('finds external data in subgraphs, sparse tensors and functions', () => {
    const text = (value: string) => new TextEncoder().encode(value);
    const entry = join(message(1, text('location')), message(2, text('../secret')));
    const location = new BinaryWriter().tag(14, WireType.Varint).int32(1).finish();
    const tensor = join(message(8, text('hidden')), message(13, entry), location);
    const attributes = {
      tensor: message(5, tensor),
      tensors: message(10, tensor),
      subgraph: message(6, message(5, tensor)),
      'subgraph of a subgraph': message(11, message(1, message(5, message(6, message(5, tensor))))),
      'sparse tensor': message(22, message(1, tensor)),
    };
    const small = model();
    for (const [where, attribute] of Object.entries(attributes)) {
      const node = message(5, attribute);
      const inFunction = readOnnxHeader(join(small, message(25, message(7, node))), where);
      expect(inFunction.externalRanges, where).toHaveLength(2);
      const inGraph = readOnnxHeader(join(withoutGraph(), message(7, message(1, node))), where);
      expect(inGraph.externalRanges.at(-1), where).toEqual({ tensor: 'hidden', location: '../secret', offset: 0 });
    }
    let deep: Uint8Array = tensor;
    for (let depth = 0; depth < 20; depth += 1) deep = message(1, message(5, message(6, deep)));
    expect(() => readOnnxHeader(join(withoutGraph(), message(7, deep)), 'deep')).toThrow(/nested over 16/);
  });

  /** A model whose graph has yet to be added. */
  function withoutGraph(): Uint8Array {
    const header = { irVersion: 10n, opsetImport: [{ domain: '', version: 21n }] };
    return toBinary(ModelProtoSchema, create(ModelProtoSchema, header));
  }

  it('names the domains of operators that nothing here has', () => {
    const graph = new GraphBuilder('custom');
    graph.output('y', graph.node('Magic', [graph.input('x', [1])], { domain: 'my.ops' }), [1]);
    const bytes = graph.build();
    expect(readOnnxHeader(bytes, 'custom').operatorDomains).toEqual(['my.ops']);
    const defined = message(25, message(10, new TextEncoder().encode('my.ops')));
    expect(readOnnxHeader(join(bytes, defined), 'custom').operatorDomains).toEqual([]);
  });

  it('answers every cut or changed file with a header or a CheckpointError', () => {
    const whole = model();
    fc.assert(
      fc.property(
        fc.nat(whole.length),
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }),
        (length, changes) => {
          const bytes = whole.slice();
          for (const [at, value] of changes) bytes[at] = value;
          try {
            expect(readOnnxHeader(bytes.subarray(0, length), 'changed').irVersion).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toBeInstanceOf(CheckpointError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([new Uint8Array(0), new TextEncoder().encode('<html>'), Uint8Array.of(8, 1)])('refuses %o', (bytes) => {
    expect(() => readOnnxHeader(bytes, 'x')).toThrow(CheckpointError);
  });
});
