import { expect, it } from 'vitest';
import { thrownText } from '../../src/plugins/thrown-text.js';

function withStack(error: Error, ...lines: string[]): Error {
  error.stack = lines.join('\n');
  return error;
}

it("names the file of a module that cannot be linked, and not the importer's", () => {
  const message = "The requested module './other.mjs' does not provide an export named 'nope'";
  const error = withStack(
    new SyntaxError(message),
    'file:///home/me/dist/plugin.mjs:7',
    "import { nope } from './other.mjs';",
    '         ^^^^',
    `SyntaxError: ${message}`,
    '    at ModuleJob._instantiate (node:internal/modules/esm/module_job:213:21)',
    '    at async Command.parseAsync (/home/me/node_modules/commander/lib/command.js:1092:5)',
  );
  expect(thrownText(error)).toBe(`SyntaxError: ${message} (plugin.mjs:7)`);
});

it('names the frame that threw', () => {
  const error = withStack(
    new TypeError('x is not a function'),
    'TypeError: x is not a function',
    '    at node:internal/modules:1:1',
    '    at load (file:///home/me/index.mjs:31:12)',
  );
  expect(thrownText(error)).toBe('TypeError: x is not a function (index.mjs:31:12)');
});
