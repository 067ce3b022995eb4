import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOnnxPath, isPluginPath, OptionError, parseModelSpecifier } from '../src/index.js';

describe('parseModelSpecifier', () => {
  it.each([
    ['efficientat:mn04_as', 'efficientat', 'mn04_as'],
    ['efficientat', 'efficientat', undefined],
    ['@scope/name:model', '@scope/name', 'model'],
    ['@scope/name', '@scope/name', undefined],
    ['name:organisation/model:v2', 'name', 'organisation/model:v2'],
    ['./path/to:thing', './path/to', 'thing'],
    ['./a:b/plugin.js', './a:b/plugin.js', undefined],
    ['../plugin', '../plugin', undefined],
    ['.', '.', undefined],
    ['/usr/lib/plugin.js:small', '/usr/lib/plugin.js', 'small'],
    ['C:\\plugins\\mine.js', 'C:\\plugins\\mine.js', undefined],
    ['C:\\plugins\\mine.js:small', 'C:\\plugins\\mine.js', 'small'],
    ['c:/plugins/mine.js:small', 'c:/plugins/mine.js', 'small'],
    ['file:///C:/plugins/mine.js:small', 'file:///C:/plugins/mine.js', 'small'],
    ['file:///plugins/mine.js', 'file:///plugins/mine.js', undefined],
    ['my.onnx', 'my.onnx', undefined],
    ['./models/my net:v2.onnx', './models/my net:v2.onnx', undefined],
    ['C:\\models\\my.ONNX', 'C:\\models\\my.ONNX', undefined],
    ['onnx:file', 'onnx', 'file'],
  ])("splits '%s'", (specifier, plugin, model) => {
    expect(parseModelSpecifier(specifier)).toEqual(model === undefined ? { plugin } : { plugin, model });
  });

  it.each(['', ':', ':model', 'plugin:', './plugin:'])("refuses '%s'", (specifier) => {
    expect(() => parseModelSpecifier(specifier)).toThrow(OptionError);
  });

  it('finds the parts that any specifier was put together from', () => {
    const name = fc.stringMatching(/^[a-z0-9_.-]{2,8}$/);
    const plugin = fc.oneof(
      name,
      fc.tuple(name, name).map(([scope, bare]) => `@${scope}/${bare}`),
      fc.tuple(fc.constantFrom('./', '../', '/', 'D:\\', 'file:///'), name).map(([start, rest]) => start + rest),
    );
    fc.assert(
      fc.property(
        plugin.filter((text) => !text.startsWith('file:/') || text.startsWith('file:///')),
        name,
        (left, model) => {
          expect(parseModelSpecifier(`${left}:${model}`)).toEqual({ plugin: left, model });
          expect(parseModelSpecifier(left)).toEqual({ plugin: left });
        },
      ),
    );
  });
});

it('tells paths from names', () => {
  expect(['./x', '..', '/x', '\\\\server\\x', 'c:\\x', 'file:///x'].every(isPluginPath)).toBe(true);
  expect(['x', '@a/b', 'a.b', 'x:y', '.hidden', 'https://x'].some(isPluginPath)).toBe(false);
});

it("tells ONNX files' paths from all others", () => {
  const paths = ['my.onnx', './my.onnx', 'a/b.onnx', '/x/y.ONNX', 'c:\\m.onnx', 'file:///m.onnx'];
  expect(paths.every((path) => isOnnxPath(path) && isPluginPath(path))).toBe(true);
  const others = [
    'onnx',
    '.onnx',
    './my.onnx.js',
    'https://example.org/my.onnx',
    'data:x.onnx',
    'a/.onnx',
    'plugin:x.onnx',
  ];
  expect(others.filter(isOnnxPath)).toEqual([]);
});
