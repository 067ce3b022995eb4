import { expect, it } from 'vitest';
import { type Embedder, OptionError } from '../src/index.js';
import { namedHead } from '../src/labels-of-head.js';
import { FakeEmbedder } from './fake-embedder.js';

const fake = () => new FakeEmbedder(2000, 1, 0.05);
const source = 'names.txt';

it("has the checkpoint's names, or those that are given", () => {
  expect(namedHead(fake()).labels).toEqual(['loud', 'rough', 'loud at first', 'loud at last']);
  expect(namedHead(fake(), { labels: ['a', 'b', 'c', 'd'], source })).toMatchObject({
    labels: ['a', 'b', 'c', 'd'],
    kind: 'multilabel',
  });
});

it('refuses another number of names, and says how many are needed', () => {
  expect(() => namedHead(fake(), { labels: ['a'], source })).toThrow(/names.txt.*: 1 name for 4 labels/);
});

it('refuses labels without names, and a model without a head', () => {
  const unnamed: Embedder = Object.assign(fake(), { head: { ...fake().head, labels: undefined } });
  expect(() => namedHead(unnamed)).toThrow(/4 labels without names/);
  const headless: Embedder = Object.assign(fake(), { head: undefined });
  expect(() => namedHead(headless)).toThrow(OptionError);
});
