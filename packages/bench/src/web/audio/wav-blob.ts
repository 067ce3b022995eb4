import { AudioError } from '@hearken/core';
import { mixToMono } from '../../audio/audio.js';
import { tooLong } from '../../audio/decode-with.js';
import { checkWavData, noWavData, parseWavFormat, readWavSamples, wavChunk, type WavData } from '../../audio/wav.js';
import type { DecodeAudioOptions, MonoAudio } from './mono-audio.js';

/** Recorders write a handful; looking for samples behind any number of them would take any amount of time. */
const mostChunks = 1024;
/** More is no header of a format. */
const maximumFormatBytes = 4096;
/** Bytes that are read at a time. */
const blockBytes = 2 ** 22;

/**
 * Decodes a WAV file piece by piece: besides the result, memory holds one piece of it.
 *
 * @throws AudioError for what is no such file, or is too long, before memory is taken for it
 */
export async function decodeWavBlob(
  file: Blob,
  name: string,
  { maximumSeconds, abortSignal }: DecodeAudioOptions & { readonly maximumSeconds: number },
): Promise<MonoAudio> {
  const { data, start } = await findSamples(file, name);
  const { format, frames, stride } = data;
  const { sampleRate, channels: channelCount, bits } = format;
  if (frames > maximumSeconds * sampleRate) throw tooLong(name, maximumSeconds, frames / sampleRate);
  const samples = new Float32Array(frames);
  const blockFrames = Math.floor(blockBytes / stride);
  for (let first = 0; first < frames; first += blockFrames) {
    abortSignal?.throwIfAborted();
    const count = Math.min(blockFrames, frames - first);
    const view = await viewOf(file, start + first * stride, count * stride);
    const channels = Array.from({ length: channelCount }, (_, channel) => {
      const values = new Float32Array(count);
      readWavSamples(view, { start: (channel * bits) / 8, stride }, format, values);
      return values;
    });
    samples.set(mixToMono(channels), first);
  }
  return { samples, sampleRate };
}

async function findSamples(file: Blob, name: string): Promise<{ data: WavData; start: number }> {
  const riffBytes = (await viewOf(file, 4, 4)).getUint32(0, true) + 8;
  let format: ReturnType<typeof parseWavFormat> | undefined;
  let offset = 12;
  for (let chunks = 0; offset + 8 <= file.size; chunks += 1) {
    if (chunks === mostChunks) {
      const found = `over ${mostChunks} chunks in front of its samples`;
      throw new AudioError({ asked: `WAV audio of '${name}'`, found, fix: 'write the file again' });
    }
    const chunk = wavChunk(await viewOf(file, offset, 8), 0, offset);
    if (chunk.name === 'fmt ') {
      format = parseWavFormat(await viewOf(file, chunk.start, Math.min(chunk.size, maximumFormatBytes)), name);
    } else if (chunk.name === 'data') {
      const available = file.size - chunk.start;
      const size = { declared: chunk.size, available, riffBytes, fileBytes: file.size };
      return { data: checkWavData(format, size, name), start: chunk.start };
    }
    offset = chunk.next;
  }
  throw noWavData(format, name);
}

async function viewOf(file: Blob, start: number, length: number): Promise<DataView> {
  return new DataView(await file.slice(start, start + length).arrayBuffer());
}
