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

/** The supported formats, for errors. */
export const readableFormats = 'WAV, FLAC, MP3, Ogg (Vorbis, Opus, FLAC), M4A, AAC, AIFF, CAF, WebM';

/** The kind of a file, and where its content begins. */
export type Content = ReadableContent | OtherContent;

/** Supported content. */
export interface ReadableContent {
  readonly format: AudioFormat;
  /** Position of its first byte in the file, after tags and padding. */
  readonly offset: number;
}

/** Content that is recognised but not supported. */
export interface OtherContent {
  readonly format?: undefined;
  /** What it is, for the `found` part of an error. */
  readonly words: string;
  /** How to fix it. */
  readonly fix: string;
  readonly offset: number;
}
