import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { HearkenError } from '@hearken/core';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadError, loadRuntime } from '../../src/session/load-runtime.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearken-runtime-'));
  await build({
    entryPoints: [fileURLToPath(new URL('../../src/session/node-session.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@hearken/source'],
    external: ['onnxruntime-node'],
    outfile: join(folder, 'session.mjs'),
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What making a session says, as a process of its own with these files beside it. */
async function sessionError(files: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  await rm(join(folder, 'node_modules'), { recursive: true, force: true });
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, 'node_modules/onnxruntime-node', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  const script = `
    const { createNodeSession } = await import('./session.mjs');
    await createNodeSession(new Uint8Array()).catch(({ asked, found, fix }) => console.log(JSON.stringify({ asked, found, fix })));
  `;
  const args = ['--input-type=module', '-e', script];
  return JSON.parse((await promisify(execFile)(process.execPath, args, { cwd: folder })).stdout) as never;
}

describe('a session without its runtime', () => {
  const manifest = '{"name":"onnxruntime-node","main":"index.js"}';
  const binding = `bin/napi-v6/${process.platform}/${process.arch}/onnxruntime_binding.node`;

  it('says which package to install', async () => {
    expect(await sessionError({})).toEqual({
      asked: 'to run a model',
      found: 'package onnxruntime-node is not installed',
      fix: 'npm install onnxruntime-node in the project',
    });
  });

  it('says that the package has no build for this platform', async () => {
    const files = { 'package.json': manifest, 'index.js': `require('./${binding}')` };
    const { found } = await sessionError(files);
    expect(found).toBe(`package onnxruntime-node without a native library for ${process.platform} ${process.arch}`);
  });

  it('says that the native library does not load', async () => {
    const files = { 'package.json': manifest, 'index.js': `require('./${binding}')`, [binding]: 'no library' };
    const { found, fix } = await sessionError(files);
    expect(found).toMatch(/^the native library of onnxruntime-node does not load: \S/);
    expect(fix).toMatch(/install/);
  });
});

describe('loadError', () => {
  const failed = (message: string, code?: string) => Object.assign(new Error(message), { code });

  it.each([
    "Cannot find package 'onnxruntime-web' imported from /app/index.js",
    'Failed to resolve module specifier "onnxruntime-web/wasm"',
    "Failed to resolve module specifier 'onnxruntime-web/wasm'",
    'The specifier “onnxruntime-web/wasm” was a bare specifier, but was not remapped to anything.',
    "Module name, 'onnxruntime-web/webgpu' does not resolve to a valid URL.",
  ])('knows a missing package by %s', (message) => {
    const cause = failed(message);
    expect(loadError('onnxruntime-web', cause)).toMatchObject({
      found: 'package onnxruntime-web is not installed',
      fix: expect.stringMatching(/^npm install onnxruntime-web in the project, and use a bundler/) as string,
      cause,
    });
  });

  it.each([
    ["/lib/libm.so.6: version `GLIBC_2.29' not found (required by x.so)\nmore", /newer Linux/],
    ['Error loading shared library ld-linux-x86-64.so.2: No such file or directory', /glibc.*Alpine/],
    ['x.node: invalid ELF header', /on this machine/],
    ["dlopen(x.node): tried: 'x.node' (mach-o file, but is an incompatible architecture)", /on this machine/],
    ['libonnxruntime.so.1: cannot open shared object file', /install it again/],
  ])('knows what to do about %s', (message, fix) => {
    const error = loadError('onnxruntime-node', failed(message, 'ERR_DLOPEN_FAILED'))!;
    expect(error.found).toBe(`the native library of onnxruntime-node does not load: ${message.split('\n')[0]}`);
    expect(error.fix).toMatch(fix);
  });

  it('names what a package lacks', () => {
    const message = "Cannot find package 'onnxruntime-common' imported from x";
    expect(loadError('onnxruntime-node', failed(message, 'ERR_MODULE_NOT_FOUND'))!.found).toContain(message);
  });

  it('leaves other errors as they are', async () => {
    const offline = new TypeError('Failed to fetch dynamically imported module: https://example.org/ort.mjs');
    await expect(loadRuntime('onnxruntime-web', () => Promise.reject(offline))).rejects.toBe(offline);
    expect(await loadRuntime('onnxruntime-web', () => Promise.resolve('module'))).toBe('module');
    const absent = loadRuntime('onnxruntime-node', () =>
      Promise.reject(failed("Cannot find package 'onnxruntime-node'")),
    );
    await expect(absent).rejects.toThrow(HearkenError);
  });
});
