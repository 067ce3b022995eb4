import { AudioError } from '@hearken/core';
import { joinValues } from '@hearken/core/internal';
import { mixToMono, type DecodedAudio } from './audio.js';
import { checkFinite } from './check-finite.js';
import { aacFrameSamples, adtsSound, type AacDecoder } from './codecs/aac.js';
import { flacStream } from './codecs/flac.js';
import { matroskaTrack } from './containers/matroska-sound.js';
import { mp4Track } from './containers/mp4-sound.js';
import { mpegSound } from './containers/mpeg-sound.js';
import { oggSound } from './containers/ogg-sound.js';
import { trackSound } from './containers/track-sound.js';
import { checkLimits, type DecodeLimits } from './decode-limits.js';
import type { AudioFormat } from './format.js';
import type { PcmContainer } from './pcm/find-sound.js';
import type { SoundStream } from './sound-stream.js';
import { copyAgain, StreamFault } from './stream-fault.js';

/** Formats whose samples are compressed, or packed in containers of compressed sound. */
export type CompressedFormat = Exclude<AudioFormat, PcmContainer>;

/** Their names in errors. */
const names: Readonly<Record<CompressedFormat, string>> = {
  flac: 'FLAC',
  oggflac: 'Ogg FLAC',
  oga: 'Ogg Vorbis',
  opus: 'Opus',
  mp3: 'MP3',
  aac: 'AAC',
  m4a: 'MP4',
  webm: 'WebM or Matroska',
};

/** How many parts to decode before messages, such as an abort, are handled. */
const partsAtATime = 256;

/**
 * Decodes compressed sound. Hearken itself parses containers and frames, and checks checksums, sequence numbers,
 * declared lengths, and that there is nothing between two frames. Any mismatch is an error, and such a file yields no
 * samples.
 *
 * @param bytes beginning with the first byte of the format
 * @param name the file's name in errors
 * @param decodeAac the platform's decoder of AAC
 * @throws AudioError if it is damaged, truncated, of an unsupported kind, or exceeds the limits when decoded
 */
export async function decodeCompressed(
  bytes: Uint8Array,
  format: CompressedFormat,
  name: string,
  limits: DecodeLimits,
  decodeAac: AacDecoder,
): Promise<DecodedAudio> {
  const fail = (found: string, fix: string, cause?: unknown) =>
    new AudioError({ asked: `${names[format]} audio of '${name}'`, found, fix, cause });
  // Slices of Node.js Buffers share memory.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    await letAbort(limits);
    const stream = await openStream(plain, format, async (aac) => {
      // The platform decodes everything at once, so the length is checked first.
      checkLimits({ ...aac, frames: aac.frames * aacFrameSamples }, name, limits, false);
      return decodeAac(aac);
    });
    const { sampleRate } = stream;
    const channels = await collect(stream, name, limits);
    if (channels[0].length === 0) throw fail('no samples', 'the file is damaged or empty: copy or download it again');
    return channels.length === stream.channels
      ? { channels, sampleRate }
      : { channels, sampleRate, mixedFrom: stream.channels };
  } catch (cause) {
    if (cause instanceof AudioError) throw cause;
    limits.abortSignal?.throwIfAborted();
    if (cause instanceof StreamFault) throw fail(cause.found, cause.fix);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw fail(`data that cannot be decoded (${reason})`, copyAgain, cause);
  }
}

function openStream(
  bytes: Uint8Array,
  format: CompressedFormat,
  decodeAac: AacDecoder,
): SoundStream | Promise<SoundStream> {
  switch (format) {
    case 'flac':
      return flacStream(bytes);
    case 'oggflac':
    case 'oga':
    case 'opus':
      return oggSound(bytes);
    case 'mp3':
      return mpegSound(bytes);
    case 'aac':
      return adtsSound(bytes, decodeAac);
    case 'm4a':
      return trackSound(mp4Track(bytes), decodeAac);
    case 'webm':
      return trackSound(matroskaTrack(bytes), decodeAac);
  }
}

async function collect(stream: SoundStream, name: string, limits: DecodeLimits): Promise<Float32Array[]> {
  const parts: Float32Array[][] = [];
  const { sampleRate } = stream;
  const { mixDown = false } = limits;
  const channels = mixDown ? 1 : stream.channels;
  let frames = 0;
  for (const part of stream.parts) {
    if (mixDown) checkFinite(part, frames, name);
    frames += part[0].length;
    checkLimits({ frames, channels, sampleRate }, name, limits, false);
    parts.push(mixDown ? [mixToMono(part)] : part);
    if (parts.length % partsAtATime === 0) await letAbort(limits);
  }
  return Array.from({ length: channels }, (_, channel) => joinValues(parts.map((part) => part[channel])));
}

/** Aborting may need a message to this thread, which has to be handled. */
async function letAbort({ abortSignal, onProgress }: DecodeLimits): Promise<void> {
  onProgress?.();
  if (abortSignal === undefined) return;
  await new Promise((resolve) => setTimeout(resolve));
  abortSignal.throwIfAborted();
}
