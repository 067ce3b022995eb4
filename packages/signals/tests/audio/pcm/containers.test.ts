import { AudioError } from '@hearken/core';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSource, type ByteSource } from '../../../src/audio/byte-source.js';
import { decodeAudio } from '../../../src/audio/decode.node.js';
import { detectContent } from '../../../src/audio/detect-content.js';
import { soundFinder } from '../../../src/audio/pcm/find-sound.js';
import { readSoundPieces } from '../../../src/audio/pcm/read-sound.js';

/** A cell of the table container x codec x depth x channels, written and read by other programs. */
interface Cell {
  readonly container: string;
  readonly codec: string;
  readonly channels: number;
  readonly rate: number;
  readonly writer: string;
  readonly file: string;
  /** float32 of each channel in turn. */
  readonly samples?: string;
  /** What the error says of a codec that is not read. */
  readonly refused?: string;
}

const table = new URL('../../fixtures/audio/pcm-containers.json', import.meta.url);
const { cells } = JSON.parse(readFileSync(table, 'utf8')) as { cells: Cell[] };
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'));
const title = (cell: Cell) => `${cell.container}, ${cell.codec}, ${cell.channels} channels, by ${cell.writer}`;
const read = cells.filter(({ samples }) => samples !== undefined);
const refused = cells.filter(({ samples }) => samples === undefined);

describe('every container, codec, depth and channel layout', () => {
  it.each(read.map((cell) => [title(cell), cell] as const))('%s: as other readers', async (_, cell) => {
    const { channels, sampleRate } = await decodeAudio(bytesOf(cell.file), 'file');
    expect(sampleRate).toBe(cell.rate);
    expect(channels).toHaveLength(cell.channels);
    const known = new Float32Array(bytesOf(cell.samples ?? '').buffer);
    const found = channels.flatMap((channel) => [...channel]);
    expect(found).toHaveLength(known.length);
    const largest = found.reduce((most, value, index) => Math.max(most, Math.abs(value - known[index])), 0);
    // The table holds float32, as the reader does.
    expect(largest).toBeLessThanOrEqual(2 ** -24);
  });

  it.each(refused.map((cell) => [title(cell), cell] as const))('%s: refused by its name', async (_, cell) => {
    const error: unknown = await decodeAudio(bytesOf(cell.file), 'file').catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(AudioError);
    expect((error as AudioError).found).toMatch(new RegExp(cell.refused ?? '(?!)'));
  });

  it('is the same behind a tag, in front of trailing junk, and in pieces', async () => {
    const tag = Uint8Array.from(
      [...'ID3'].map((letter) => letter.charCodeAt(0)).concat([4, 0, 0, 0, 0, 0, 3, 1, 2, 3]),
    );
    for (const cell of read) {
      const bytes = bytesOf(cell.file);
      const { channels } = await decodeAudio(bytes, 'file');
      const tagged = Uint8Array.from([...tag, ...bytes]);
      expect((await decodeAudio(tagged, 'file')).channels).toEqual(channels);
      expect(await inPieces(tagged)).toEqual(channels);
    }
  });

  it('that is cut is an error, never less sound, wherever it is cut', async () => {
    for (const cell of read) {
      const bytes = bytesOf(cell.file);
      // Of sizes left open the end is where the file ends.
      const whole = await decodeAudio(bytes, 'file');
      for (const length of [bytes.length - 1, bytes.length - 40, bytes.length >> 1, 60, 30]) {
        const outcome: unknown = await decodeAudio(bytes.subarray(0, length), 'file').catch((cause: unknown) => cause);
        if (outcome instanceof AudioError) continue;
        // What is cut off may be a chunk behind the samples, or padding.
        expect(outcome, `${title(cell)} cut to ${length} of ${bytes.length} bytes`).toEqual(whole);
      }
    }
  });

  it('that is damaged anywhere gives samples or an AudioError', async () => {
    let seed = 1;
    const random = (below: number) => (seed = (seed * 48_271) % 0x7fff_ffff) % below;
    for (const cell of [...read, ...refused]) {
      const bytes = bytesOf(cell.file);
      for (let round = 0; round < 25; round += 1) {
        const damaged = Uint8Array.from(bytes);
        for (let change = 0; change < 3; change += 1) {
          damaged[random(Math.min(bytes.length, 120))] = [0, 255, 1, 127, 128, random(256)][random(6)];
        }
        const outcome: unknown = await decodeAudio(damaged, 'file').catch((cause: unknown) => cause);
        expect(outcome instanceof AudioError || 'channels' in (outcome as object), String(outcome)).toBe(true);
      }
    }
  });
});

async function inPieces(bytes: Uint8Array): Promise<Float32Array[]> {
  const content = detectContent(bytes);
  if (content?.format === undefined) throw new Error('no format');
  const rest = bytes.subarray(content.offset);
  const source: ByteSource = {
    size: rest.length,
    read: (offset, length) => Promise.resolve(rest.slice(offset, offset + length)),
  };
  const find = soundFinder(content.format);
  const layout = find && (await readSource(find(rest.length, 'file'), source));
  if (layout === undefined || 'encloses' in layout) throw new Error('no layout');
  const pieces: Float32Array[][] = [];
  for await (const piece of readSoundPieces(source, layout, 'file', 7)) pieces.push(piece);
  return pieces[0].map((_, channel) => Float32Array.from(pieces.flatMap((piece) => [...piece[channel]])));
}
