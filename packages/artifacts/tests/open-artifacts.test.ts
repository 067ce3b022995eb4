import { join } from 'node:path';
import { OptionError } from '@hearken/core';
import { expect, it } from 'vitest';
import { FileArtifacts, openArtifacts } from '../src/node.js';
import { S3Artifacts } from '../src/s3.js';
import { storeUrl } from './s3-store.js';
import { s3Servers } from './s3-server.js';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
const s3Server = s3Servers();

it('opens a folder by its path', async () => {
  const folder = await temporaryFolder();
  const artifacts = await openArtifacts(folder);
  expect(artifacts).toBeInstanceOf(FileArtifacts);
  expect(artifacts.localPath('a')).toBe(join(folder, 'a'));
});

it('opens an S3-compatible store by its URL', async () => {
  const server = await s3Server();
  const mirror = await temporaryFolder();
  const artifacts = await openArtifacts(storeUrl(server, 'prefix'), { mirror });
  expect(artifacts).toBeInstanceOf(S3Artifacts);
  await artifacts.write('a', Uint8Array.of(1));
  expect([...server.objects.keys()]).toEqual(['prefix/a']);
  expect(artifacts.localPath('a')).toBe(join(mirror, 'a'));
});

it.each([
  ['', /an empty path/],
  [
    'S3://bucket',
    /an URL that begins with S3:\/\/; pass the path of a folder, or an URL such as s3:\/\/bucket\/prefix/,
  ],
  ['file:///tmp', /begins with file:\/\//],
  ['https://user:secret@host/x', /a store of artifacts: an URL that begins with https:\/\/; pass/],
  ['s3://B', /a bucket 'B'/],
])("refuses '%s'", async (location, message) => {
  await expect(openArtifacts(location)).rejects.toThrow(OptionError);
  await expect(openArtifacts(location)).rejects.toThrow(message);
});
