import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bytesSha256, fileSha256 } from '../../src/files/file-hash.node.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();

// FIPS 180-2, appendix B.1, and the hash of no bytes.
it.each([
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
])('hashes %j, its bytes, and a file of them', async (text, hash) => {
  const path = join(await temporaryFolder(), 'file');
  await writeFile(path, text);
  expect(bytesSha256(text)).toBe(hash);
  expect(bytesSha256(new TextEncoder().encode(text))).toBe(hash);
  expect(await fileSha256(path)).toBe(hash);
});
