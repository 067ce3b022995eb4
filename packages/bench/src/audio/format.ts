/** Containers and codecs that Hearken reads; all but `wav` are `audio-decode`'s names. */
export type AudioFormat = 'wav' | 'flac' | 'mp3' | 'oga' | 'opus' | 'm4a' | 'aac' | 'aiff' | 'caf' | 'webm';

/** What errors tell the user can be read. */
export const readableFormats = 'WAV, FLAC, MP3, Ogg (Vorbis, Opus, FLAC), M4A, AAC, AIFF, CAF, WebM';

/** The format that a file's first bytes show, whatever its name ends in; undefined when it is none that can be read. */
export function detectAudioFormat(bytes: Uint8Array): AudioFormat | undefined {
  const text = (offset: number, length: number) => String.fromCharCode(...bytes.subarray(offset, offset + length));
  const magic = text(0, 4);
  if (magic === 'RIFF') return text(8, 4) === 'WAVE' ? 'wav' : undefined;
  if (magic === 'fLaC') return 'flac';
  // The first Ogg page holds one segment, the codec's identification header, from byte 28.
  if (magic === 'OggS') {
    if (text(28, 8) === 'OpusHead') return 'opus';
    if (text(28, 7) === '\u0001vorbis') return 'oga';
    return text(28, 5) === '\u007fFLAC' ? 'flac' : undefined;
  }
  if (magic === 'FORM') return ['AIFF', 'AIFC'].includes(text(8, 4)) ? 'aiff' : undefined;
  if (magic === 'caff') return 'caf';
  if (text(4, 4) === 'ftyp') return 'm4a';
  if (bytes[0] === 0x1a && bytes[1] === 0x45 && bytes[2] === 0xdf && bytes[3] === 0xa3) return 'webm';
  if (text(0, 3) === 'ID3') return afterId3(bytes);
  return mpegFrame(bytes);
}

/** An ID3 tag stands before MP3 as a rule, and before FLAC or AAC at times. */
function afterId3(bytes: Uint8Array): AudioFormat | undefined {
  if (bytes.length < 10) return undefined;
  const size = ((bytes[6] & 127) << 21) | ((bytes[7] & 127) << 14) | ((bytes[8] & 127) << 7) | (bytes[9] & 127);
  const rest = bytes.subarray(10 + size + (bytes[5] & 0x10 ? 10 : 0));
  if (String.fromCharCode(...rest.subarray(0, 4)) === 'fLaC') return 'flac';
  return mpegFrame(rest) ?? (rest.length > 0 ? 'mp3' : undefined);
}

function mpegFrame(bytes: Uint8Array): AudioFormat | undefined {
  if (bytes.length < 4 || bytes[0] !== 0xff || (bytes[1] & 0xe0) !== 0xe0) return undefined;
  const layer = (bytes[1] >> 1) & 3;
  if (layer === 0) return (bytes[1] & 0xf0) === 0xf0 ? 'aac' : undefined;
  const version = (bytes[1] >> 3) & 3;
  const bitrate = bytes[2] >> 4;
  const rate = (bytes[2] >> 2) & 3;
  return version !== 1 && bitrate !== 15 && rate !== 3 ? 'mp3' : undefined;
}
