import { expect, it } from 'vitest';
import { isInsideFolder } from '../../src/files/inside-folder.node.js';

it.each([
  ['/out', true],
  ['/out/a/b.json', true],
  ['/out/..b', true],
  ['/out2/a', false],
  ['/out/../etc', false],
  ['/', false],
  ['out/a', false],
])("judges whether '%s' is inside '/out'", (path, isInside) => {
  expect(isInsideFolder('/out', path)).toBe(isInside);
});
