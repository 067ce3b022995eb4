import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkpointFinding } from '../../src/validate/checkpoint-finding.node.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();

it('compares the hash of a file with what the provenance tells', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'model.pt');
  await writeFile(path, 'weights');
  const sha256 = createHash('sha256').update('weights').digest('hex');
  expect(await checkpointFinding(path, sha256)).toMatchObject({ passed: true });
  expect(await checkpointFinding(path, 'ab'.repeat(32))).toMatchObject({
    passed: false,
    kind: 'advice',
    expected: `provenance.checkpointSha256 ${sha256}`,
    found: 'ab'.repeat(32),
  });
  expect((await checkpointFinding(path, null))?.found).toMatch(/null, as for a model without weights/);
});

it('has nothing to say of folders, of ONNX files, whose weights may lie elsewhere, or without a checkpoint', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'x.onnx'), 'x');
  for (const checkpoint of [undefined, folder, join(folder, 'x.onnx'), join(folder, 'nowhere')]) {
    expect(await checkpointFinding(checkpoint, null)).toBeUndefined();
  }
});
