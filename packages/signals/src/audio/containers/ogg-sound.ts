import { StreamFault, convert } from '../stream-fault.js';
import { trimParts, type SoundStream } from '../sound-stream.js';
import { flacPackets } from '../codecs/flac.js';
import { parseStreamInfo, streamInfoBytes } from '../codecs/flac-header.js';
import { createOpus, longestOpusPacket, opusRate, parseOpusHead, type OpusPackets } from '../codecs/opus.js';
import { VorbisDecoder } from '../codecs/vorbis.js';
import { readOgg, type OggStream } from './ogg.js';

const named: readonly (readonly [string, string])[] = [
  ['Speex   ', 'Speex speech'],
  ['\x80theora', 'Theora video'],
  ['BBCD\0', 'Dirac video'],
  ['PCM     ', 'PCM in Ogg'],
  ['CELT    ', 'CELT, a forerunner of Opus'],
];

/**
 * Maximum number of packets that may end on one page; each page, unless broken, gives the number of samples up to its
 * end.
 */
const mostPagePackets = 255;

const starts = (bytes: Uint8Array, text: string) =>
  text.length <= bytes.length && [...text].every((letter, index) => bytes[index] === letter.charCodeAt(0));
const isOpus = (packet: Uint8Array) => starts(packet, 'OpusHead');
const isVorbis = (packet: Uint8Array) => starts(packet, '\x01vorbis');
const isFlac = (packet: Uint8Array) => starts(packet, '\x7fFLAC');

/**
 * The audio of an Ogg file: Opus (RFC 7845), Vorbis, or FLAC (RFC 9639, section 10.1). Consecutive streams are joined
 * if they have the same rate and channels.
 */
export async function oggSound(bytes: Uint8Array): Promise<SoundStream> {
  let other: string | undefined;
  const found = readOgg(bytes, (first) => {
    other ??= named.find(([magic]) => starts(first, magic))?.[1];
    return isOpus(first) || isVorbis(first) || isFlac(first);
  });
  if (found.length === 0) throw new StreamFault(other ?? 'an Ogg file without supported audio', convert);
  const heads = found.map(({ packets }) => packets[0].bytes);
  const kinds = [isOpus, isVorbis, isFlac];
  if (found.length > 1 && !kinds.some((kind) => heads.every(kind))) {
    throw new StreamFault('several Ogg streams of different codecs', 'split the file into its streams');
  }
  const streams: SoundStream[] = [];
  for (const stream of found) streams.push(await openStream(stream));
  const [{ sampleRate, channels }] = streams;
  if (streams.some((stream) => stream.sampleRate !== sampleRate || stream.channels !== channels)) {
    throw new StreamFault('a sample rate or channel count that changes midway', 'split the file into its streams');
  }
  function* parts() {
    for (const stream of streams) yield* stream.parts;
  }
  return { sampleRate, channels, parts: parts() };
}

async function openStream(stream: OggStream): Promise<SoundStream> {
  const { packets } = stream;
  const head = packets[0].bytes;
  if (isFlac(head)) return flacStream(stream);
  if (isVorbis(head)) {
    if (packets.length < 3) throw new StreamFault('Vorbis without its headers');
    const decoder = new VorbisDecoder(head, packets[2].bytes);
    const parts = counted(stream, 3, decoder, { preSkip: 0, longest: decoder.longestBlock });
    return { sampleRate: decoder.sampleRate, channels: decoder.channels, parts };
  }
  const opusHead = parseOpusHead(head);
  const decoder = await createOpus(opusHead);
  const parts = counted(stream, 2, decoder, { preSkip: opusHead.preSkip, longest: longestOpusPacket });
  return { sampleRate: opusRate, channels: opusHead.channels, parts: freed(parts, decoder) };
}

function flacStream({ packets, granule }: OggStream): SoundStream {
  const head = packets[0].bytes;
  if (!starts(head.subarray(9), 'fLaC') || head.length < 17 + streamInfoBytes) {
    throw new StreamFault('Ogg FLAC without its STREAMINFO block');
  }
  const info = parseStreamInfo(head.subarray(17));
  // Metadata packets come first, one block each; a frame begins with 0xff, which no block does.
  const sound = packets.slice(1).filter(({ bytes }) => bytes[0] === 0xff);
  const stream = flacPackets(
    sound.map(({ bytes }) => bytes),
    info,
  );
  function* parts() {
    const total = yield* trimParts(stream.parts, 0, Infinity);
    if (granule !== total) throw new StreamFault(`${total} of ${granule} samples`);
  }
  return { ...stream, parts: parts() };
}

/**
 * Decodes packets, and cuts them according to the granule positions: the number of samples up to the end of a page (RFC
 * 7845, section 4; Vorbis I, section A.2).
 */
function* counted(
  stream: OggStream,
  headers: number,
  decoder: { decode(packet: Uint8Array): Float32Array[] },
  { preSkip, longest }: { preSkip: number; longest: number },
): Generator<Float32Array[]> {
  const packets = stream.packets.slice(headers);
  const { granule } = stream;
  const first = packets.findIndex((packet) => packet.granule !== undefined);
  if (granule === undefined || first < 0) throw new StreamFault('an Ogg stream without its number of samples');
  if (first >= mostPagePackets) throw new StreamFault(`an Ogg stream whose first ${first} packets have no position`);
  // Until the first position is known, nothing can be output: a stream may begin before its audio.
  const held: Float32Array[][] = [];
  let decoded = 0;
  for (const { bytes } of packets.slice(0, first + 1)) {
    const part = decoder.decode(bytes);
    decoded += part[0].length;
    held.push(part);
  }
  // A stream cut out of a longer one begins above 0. If the first page is also the last, it is cut at its end instead.
  const only = first === packets.length - 1;
  const begin = only ? 0 : (packets[first].granule ?? 0) - decoded;
  const skip = preSkip + Math.max(0, -begin);
  const length = granule - Math.max(0, begin) - preSkip;
  if (length < 0) throw new StreamFault(`an Ogg stream of ${granule} samples that skips ${preSkip}`);
  function* all() {
    yield* held;
    for (const { bytes } of packets.slice(first + 1)) yield decoder.decode(bytes);
  }
  const total = yield* trimParts(all(), skip, length);
  if (total < skip + length) throw new StreamFault(`${total - skip} of ${length} samples`);
  // Samples may only be cut off at the end of the last page.
  const before = packets.findLastIndex((packet) => packet.granule !== undefined && packet.granule < granule);
  if (total - skip - length > longest * (packets.length - 1 - before)) {
    throw new StreamFault(`${total - skip} samples instead of the declared ${length}`);
  }
}

function* freed(parts: Iterable<Float32Array[]>, decoder: OpusPackets): Generator<Float32Array[]> {
  try {
    yield* parts;
  } finally {
    decoder.free();
  }
}
