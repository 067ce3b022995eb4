// Settings that losses refuse; their values and gradients are compared with PyTorch in operators/fixtures.test.ts.
import { OptionError } from '@hearken/core';
import { GraphBuilder, type Value } from '@hearken/onnx';
import { expect, it } from 'vitest';
import { crossEntropy, mixedCrossEntropy, patchMixContrast } from '../../src/index.js';

const graph = new GraphBuilder('losses');
const value: Value = graph.input('value', [2, 3]);
const mix = { partners: value, lambda: value };

it.each([
  ['no targets', /targets of the cross entropy.*neither.*pass one/s, () => crossEntropy(graph, value, 3, {})],
  [
    'no classes',
    /classes of the cross entropy.*0.*integer from 1/s,
    () => crossEntropy(graph, value, 0, { shares: value }),
  ],
  [
    'a part of a class',
    /classes of the cross entropy.*2\.5/s,
    () => mixedCrossEntropy(graph, value, 2.5, { indices: value, ...mix }),
  ],
  [
    'a smoothing above 1',
    /labelSmoothing.*1\.5.*from 0 to 1/s,
    () => crossEntropy(graph, value, 3, { shares: value }, { labelSmoothing: 1.5 }),
  ],
  [
    'a smoothing that is no number',
    /labelSmoothing.*NaN/s,
    () => crossEntropy(graph, value, 3, { shares: value }, { labelSmoothing: NaN }),
  ],
  ['an empty batch', /batch of the contrastive loss.*0/s, () => patchMixContrast(graph, value, value, 0, mix)],
  [
    'a temperature of 0',
    /temperature of the contrastive loss.*0.*positive/s,
    () => patchMixContrast(graph, value, value, 2, mix, 0),
  ],
])('refuses %s', (_, message, act) => {
  expect(act).toThrow(OptionError);
  expect(act).toThrow(message);
});
