import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AudioError } from '@hearken/core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { mixToMono } from '../../../src/audio/audio.js';
import { decodeCompressed } from '../../../src/audio/compressed.js';
import { DecodePool } from '../../../src/audio/pool/decode-pool.node.js';
import { DecodeProcess } from '../../../src/audio/pool/decode-process.node.js';
import { copyAgain } from '../../../src/audio/stream-fault.js';
import { flacBytes } from '../../../../../tests/support/flac-bytes.js';
import { equalChannelFrames } from '../../../../../tests/support/mp3-frames.js';
import { bundlePrograms, type BundledPrograms } from './bundled-programs.js';

const flac = flacBytes(Int16Array.from({ length: 4096 }, (_, index) => Math.round(9000 * Math.sin(index / 9))));
const bounds = { silence: () => 3_600_000, memory: () => 2 ** 31 };
const pools: DecodePool[] = [];
const processes: DecodeProcess[] = [];

function makePool(...options: ConstructorParameters<typeof DecodePool>): DecodePool {
  const pool = new DecodePool(...options);
  pools.push(pool);
  return pool;
}

const letter = (text: string) => new TextEncoder().encode(text);
/** A process whose exit status has not been collected yet (a zombie) has ended too. */
const isRunning = (id: number) => {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${id}/status`, 'utf8'));
  } catch {
    return false;
  }
};

/** A program that behaves as a malicious file might make a decoder behave. */
const brokenProgram = { url: new URL('./broken-child.mjs', import.meta.url) };
let programs: BundledPrograms;
let sourceProgram: { readonly url: URL };

beforeAll(async () => {
  programs = await bundlePrograms();
  sourceProgram = { url: programs.child };
});

afterAll(() => programs.remove());

function startOwner(state: string) {
  return spawn(process.execPath, [fileURLToPath(programs.owner), state, programs.child.href], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
  for (const one of processes.splice(0)) {
    one.kill();
    await one.exited;
  }
});

describe('a pool of decoding processes', () => {
  it('gives what this process decodes, file after file', async () => {
    const pool = makePool(sourceProgram, bounds, 2);
    const mp3 = equalChannelFrames(40, 'tone');
    const noAac = () => Promise.reject(new Error('no AAC'));
    const expected = await Promise.all([
      decodeCompressed(flac, 'flac', 'a', {}, noAac),
      decodeCompressed(mp3, 'mp3', 'b', {}, noAac),
    ]);
    const decoded = await Promise.all([
      pool.decode(flac, 'flac', 'a', {}),
      pool.decode(mp3, 'mp3', 'b', {}),
      pool.decode(flac, 'flac', 'c', {}),
    ]);
    expect(decoded).toEqual([...expected, expected[0]]);
  });

  it('mixes down where it is asked to, and counts what is left', async () => {
    const pool = makePool(sourceProgram, bounds, 1);
    const mp3 = equalChannelFrames(40, 'tone');
    const { channels, sampleRate } = await pool.decode(mp3, 'mp3', 'stereo', {});
    expect(channels).toHaveLength(2);
    const mixed = { channels: [mixToMono(channels)], sampleRate, mixedFrom: 2 };
    const maximumSamples = channels[0].length;
    expect(await pool.decode(mp3, 'mp3', 'mixed', { mixDown: true, maximumSamples })).toEqual(mixed);
    await expect(pool.decode(mp3, 'mp3', 'stereo', { maximumSamples })).rejects.toThrow(/over \d+ samples/);
  });

  it('passes on what is wrong with a file, and its limits', async () => {
    const pool = makePool(sourceProgram, bounds, 1);
    const error = await pool.decode(flac.slice(0, 900), 'flac', 'cut.flac', {}).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(AudioError);
    const { asked, found, fix } = error as AudioError;
    expect([asked, found, fix]).toEqual(["FLAC audio of 'cut.flac'", expect.stringContaining('frame'), copyAgain]);
    await expect(pool.decode(flac, 'flac', 'long', { maximumSeconds: 0.1 })).rejects.toThrow(/at most 0.1 s/);
    await expect(pool.decode(flac, 'flac', 'long', { maximumSamples: 100 })).rejects.toThrow(/over 100 samples/);
  });

  it.each([
    ['aborts', 'a', /'bad': a file that made its decoder exit \(signal SIGABRT\); the file is damaged or malicious/],
    ['ends', 'x', /its decoder exit \(status 3\)/],
    ['takes too much memory', 'm', /takes over 2048 MiB of memory/],
    ['gives more than it may', 'l', /over 536870912 samples/],
  ])('survives a decoder that %s, and starts another', async (_, what, message) => {
    const pool = makePool(brokenProgram, bounds, 1);
    const error = await pool.decode(letter(what), 'mp3', 'bad', {}).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(AudioError);
    expect((error as AudioError).message).toMatch(message);
    expect(await pool.decode(letter('o'), 'mp3', 'good', {})).toEqual({
      channels: [Float32Array.of(0.5)],
      sampleRate: 8000,
    });
  });

  it('ends a decoder that hangs', async () => {
    const one = new DecodeProcess(brokenProgram, { ...bounds, silence: () => 300 });
    processes.push(one);
    await expect(one.decode(letter('h'), 'mp3', 'slow', {})).rejects.toThrow(
      /'slow': a file whose decoder made no progress/,
    );
    await one.exited;
    expect(one.isAlive).toBe(false);
  });

  it('ends a decoder when it is told to', async () => {
    const pool = makePool(brokenProgram, bounds, 1);
    const controller = new AbortController();
    const decoding = pool.decode(letter('h'), 'mp3', 'x', { abortSignal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(decoding).rejects.toThrow('enough');
    await expect(pool.decode(letter('o'), 'mp3', 'next', {})).resolves.toMatchObject({ sampleRate: 8000 });
  });

  it('ends a process that takes more memory than it may', async () => {
    // Node.js alone takes more than a mebibyte; the watching thread sees that within a second or so, or the file is
    // done.
    const one = new DecodeProcess(sourceProgram, { ...bounds, memory: () => 2 ** 20 });
    processes.push(one);
    const outcomes = async () => {
      for (;;) await one.decode(equalChannelFrames(3000, 'tone'), 'mp3', 'large', {});
    };
    await expect(outcomes()).rejects.toThrow(/takes over 1 MiB of memory/);
  });

  it.skipIf(process.platform !== 'linux').each(['idle', 'busy'])(
    'leaves no process behind when this one is killed: %s',
    async (state) => {
      const owner = startOwner(state);
      const [line] = (await once(owner.stdout, 'data')) as [Buffer];
      const id = Number(line.toString());
      expect(isRunning(id)).toBe(true);
      owner.kill('SIGKILL');
      await once(owner, 'exit');
      await vi.waitUntil(() => !isRunning(id));
    },
  );

  it('does not keep a process from ending', async () => {
    const owner = startOwner('done');
    const [status] = (await once(owner, 'exit')) as [number];
    expect(status).toBe(0);
  });
});

const built = fileURLToPath(new URL('../../../dist/audio/pool/decode-child.node.js', import.meta.url));

it.skipIf(!existsSync(built) && !process.env.CI)('the pool as it is built decodes', async () => {
  const pool = makePool({ url: new URL(`file://${built}`) }, bounds, 1);
  expect(pool.isThere).toBe(true);
  const { channels } = await pool.decode(flac, 'flac', 'a', {});
  expect(channels[0]).toHaveLength(4096);
});
