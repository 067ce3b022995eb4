import type { ByteReader } from '../byte-source.js';
import type { AudioFormat } from '../format.js';
import { findAiff } from './find-aiff.js';
import { findAu } from './find-au.js';
import { findCaf } from './find-caf.js';
import { findSphere } from './find-sphere.js';
import { findWav } from './find-wav.js';
import type { Enclosed, SoundLayout } from './sound-layout.js';

/** Finds the samples of one container. */
export type SoundFinder = (size: number, name: string) => ByteReader<SoundLayout | Enclosed>;

/** The containers that are read without a decoder. */
const finders = {
  wav: findWav,
  w64: findWav,
  aiff: findAiff,
  caf: findCaf,
  au: findAu,
  sphere: findSphere,
} as const satisfies Partial<Record<AudioFormat, SoundFinder>>;

/** Containers of uncompressed samples. */
export type PcmContainer = keyof typeof finders;

/** The function that finds the samples of a format; undefined for formats that need a decoder. */
export function soundFinder(format: AudioFormat): SoundFinder | undefined {
  return Object.hasOwn(finders, format) ? finders[format as PcmContainer] : undefined;
}
