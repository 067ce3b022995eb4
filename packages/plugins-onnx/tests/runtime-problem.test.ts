import { CheckpointError } from '@hearken/core';
import { GraphBuilder } from '@hearken/onnx';
import { expect, it } from 'vitest';
import plugin from '../src/index.js';
import { runtimeProblem } from '../src/runtime-problem.js';
import { modelFolder } from './made-up-models.js';

const write = modelFolder();

function model(operator: string, domain = ''): Uint8Array {
  const graph = new GraphBuilder('one');
  graph.output('embedding', graph.node(operator, [graph.input('waveform', ['n', 4])], { domain }), ['n', 4]);
  return graph.build();
}

/** The model with another version of ONNX's operator set: the field `opset_import`, whose version is 21. */
function withOpset(version: number): Uint8Array {
  const bytes = model('Neg');
  const at = bytes.findIndex((_, index) => [0x42, 0x02, 0x10, 21].every((byte, next) => bytes[index + next] === byte));
  expect(at).toBeGreaterThan(0);
  bytes[at + 3] = version;
  return bytes;
}

/** The model with another `ir_version`: of a number that is there twice, the last one is meant. */
function withFormat(version: number): Uint8Array {
  return Uint8Array.of(...model('Neg'), 0x08, version);
}

it.each([
  [
    'an operator that ONNX does not have',
    model('Magic'),
    /operator 'Magic', which is not in ONNX's operator set 21; export/,
  ],
  [
    'one of another domain',
    model('Magic', 'com.microsoft'),
    /operator 'Magic' of 'com\.microsoft', which this runtime does not have/,
  ],
  ['operators of a library', model('Magic', 'my.ops'), /operators of 'my\.ops', which only run with their own library/],
  [
    'an operator set of the future',
    withOpset(99),
    /operator set 99 of 'ai\.onnx', but this runtime supports up to \d\d; export the model with operator set \d\d or older/,
  ],
  ['an old operator set', withOpset(5), /operator set 5 of 'ai\.onnx', but the oldest supported one is 7/],
  [
    'a format of the future',
    withFormat(99),
    /format \(IR\) version 99, but this runtime supports up to \d\d; save the model with IR version \d\d or older \(model\.ir_version = 10\)/,
  ],
])('names %s, and what is supported', async (_, bytes, message) => {
  const path = await write('model.onnx', bytes);
  const error: unknown = await plugin.loadModel(path, { sampleRate: 16_000 }).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(CheckpointError);
  expect(String(error)).toMatch(message);
  expect(String(error)).not.toMatch(/onnxruntime_src|std::/);
});

it('names an operator in a version that is not computed', () => {
  const cause = new Error("Could not find an implementation for Cast(6) node with name 'to/half'");
  const header = { opsets: new Map([['', 8]]) } as unknown as Parameters<typeof runtimeProblem>[1];
  expect(runtimeProblem(cause, header).found).toBe(
    "operator 'Cast' in its version 6 (node 'to/half', operator set 8), which this runtime does not compute",
  );
});

it('passes on words that it does not know, without the place in the source of the runtime', () => {
  const header = { opsets: new Map() } as unknown as Parameters<typeof runtimeProblem>[1];
  const cause = new Error('/onnxruntime_src/a/b.cc:202 onnxruntime::Model::Model(x) Something else\nand more');
  expect(runtimeProblem(cause, header).found).toBe('Something else');
});
