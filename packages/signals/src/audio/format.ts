/**
 * Containers and codecs that Hearken reads. `wav` is RIFF, RIFX, RF64 and BW64; `oga` is Vorbis in Ogg, `opus` Opus in Ogg;
 * `mp3` is MPEG audio of any layer, `aac` ADTS; `m4a` is MP4 and QuickTime, `webm` WebM and Matroska.
 */
export type AudioFormat =
  | 'wav'
  | 'w64'
  | 'aiff'
  | 'caf'
  | 'au'
  | 'sphere'
  | 'flac'
  | 'oggflac'
  | 'oga'
  | 'opus'
  | 'mp3'
  | 'aac'
  | 'm4a'
  | 'webm';

/** What errors tell the user can be read. */
export const readableFormats = 'WAV, FLAC, MP3, Ogg (Vorbis, Opus, FLAC), M4A, AAC, AIFF, CAF, WebM';

/** What a file is, and where that begins. */
export type Content = ReadableContent | OtherContent;

/** Content that is read. */
export interface ReadableContent {
  readonly format: AudioFormat;
  /** Its first byte in the file: tags and padding stand in front. */
  readonly offset: number;
}

/** Content that is recognised and not read. */
export interface OtherContent {
  readonly format?: undefined;
  /** What it is, as an error says it after "found". */
  readonly words: string;
  /** What to do about it. */
  readonly fix: string;
  readonly offset: number;
}
