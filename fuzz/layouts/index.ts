import { tarLayout, zipLayout } from './archives.js';
import { mp4Layout } from './boxes.js';
import { cafLayout, formLayout, riffLayout, wave64Layout } from './chunks.js';
import { ebmlLayout } from './ebml.js';
import { flacLayout } from './flac.js';
import { frameLayout } from './frames.js';
import type { Layout } from './layout.js';
import { oggLayout } from './ogg.js';
import { npyLayout, safetensorsLayout } from './text-headers.js';

/** Layouts that are recognised by a file's first bytes. */
const shown: readonly Layout[] = [
  ...[riffLayout, formLayout, cafLayout, wave64Layout, mp4Layout, ebmlLayout, oggLayout, flacLayout],
  ...[tarLayout, zipLayout, npyLayout, safetensorsLayout],
];

/** Extensions of frame streams, which can't be recognised reliably by content. */
const framed = /\.(?:mp3|aac)$/i;

/** The block layout of a file; undefined if it is not known. */
export function layoutOf(name: string, bytes: Uint8Array): Layout | undefined {
  return shown.find((layout) => layout.parse(bytes) !== undefined) ?? (framed.test(name) ? frameLayout : undefined);
}
