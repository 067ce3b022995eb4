import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesSha256 } from '@hearken/core/node';
import { afterEach, expect, it } from 'vitest';
import { openStore, storeUrl } from './s3-store.js';
import { s3Servers } from './s3-server.js';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
const s3Server = s3Servers();
const sources = new URL('../../../scripts/typescript-sources.mjs', import.meta.url).href;
const entry = new URL('../src/node.ts', import.meta.url).href;

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process that asks for a blob of a store, and prints its path. */
function ask(url: string, mirror: string, blobs: string, sha256: string): ChildProcess {
  const code = `
    const { BlobCache, openArtifacts } = await import(${JSON.stringify(entry)});
    const artifacts = await openArtifacts(${JSON.stringify(url)}, { mirror: ${JSON.stringify(mirror)} });
    const path = await new BlobCache(${JSON.stringify(blobs)}).blob('${sha256}', { artifacts, key: 'model' });
    process.stdout.write(path);`;
  const args = ['--conditions=@hearken/source', '--import', sources, '--input-type=module', '--eval', code];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return child;
}

async function outputOf({ stdout }: ChildProcess): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stdout!) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

it('processes of a machine fetch a blob once, even if the one that fetches it is killed', async () => {
  const server = await s3Server();
  const folder = await temporaryFolder();
  const blobs = join(folder, 'blobs');
  const content = new Uint8Array(100_000).fill(7);
  await (await openStore(server, join(folder, 'own'))).write('model', content);
  let gets = 0;
  const isAsked = new Promise<void>((resolve) => {
    server.inject = ({ method }) => {
      if (method !== 'GET') return undefined;
      gets += 1;
      // The first one gets no answer.
      return gets === 1 ? () => resolve() : undefined;
    };
  });
  const start = (index: number) =>
    ask(storeUrl(server, 'pre/fix'), join(folder, `mirror ${index}`), blobs, bytesSha256(content));
  const first = start(0);
  await isAsked;
  const others = [1, 2, 3].map(start);
  first.kill('SIGKILL');
  await once(first, 'exit');
  const path = join(blobs, bytesSha256(content));
  expect(await Promise.all(others.map(outputOf))).toEqual([path, path, path]);
  expect(gets).toBe(2);
  expect((await readFile(path)).equals(content)).toBe(true);
  expect((await readdir(blobs)).filter((name) => /\.(fetch|tmp)$/.test(name))).toEqual([]);
});
