import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { syntaxErrorPlace } from '../../src/plugins/syntax-error-place.node.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();

it('names the file that cannot be read and its line, also behind other modules', async () => {
  const folder = await temporaryFolder();
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  await write('index.mjs', "export { default } from './plugin.mjs';\nimport './index.mjs';\n");
  await write('plugin.mjs', 'import "./missing.mjs";\nconst size = 1;\nexport default { size: 3 4 };\n');
  expect(await syntaxErrorPlace(join(folder, 'index.mjs'))).toBe('plugin.mjs:3');
  expect(await syntaxErrorPlace(join(folder, 'plugin.mjs'))).toBe('plugin.mjs:3');
});

it('names nothing where all can be read, and runs none of it', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'index.mjs'), 'process.exit(1);\nthrow new SyntaxError("x");\n');
  expect(await syntaxErrorPlace(join(folder, 'index.mjs'))).toBeUndefined();
  expect(await syntaxErrorPlace(join(folder, 'none.mjs'))).toBeUndefined();
});
