import { tarLayout, zipLayout } from './archives.js';
import { mp4Layout } from './boxes.js';
import { cafLayout, formLayout, riffLayout, wave64Layout } from './chunks.js';
import { ebmlLayout } from './ebml.js';
import { flacLayout } from './flac.js';
import { frameLayout } from './frames.js';
import type { Layout } from './layout.js';
import { oggLayout } from './ogg.js';
import { npyLayout, safetensorsLayout } from './text-headers.js';

/** Layouts that files show by their first bytes. */
const shown: readonly Layout[] = [
  ...[riffLayout, formLayout, cafLayout, wave64Layout, mp4Layout, ebmlLayout, oggLayout, flacLayout],
  ...[tarLayout, zipLayout, npyLayout, safetensorsLayout],
];

/** Extensions of streams of frames, which anything could be taken for. */
const framed = /\.(?:mp3|aac)$/i;

/** How a file is made of blocks; undefined where that is not known. */
export function layoutOf(name: string, bytes: Uint8Array): Layout | undefined {
  return shown.find((layout) => layout.parse(bytes) !== undefined) ?? (framed.test(name) ? frameLayout : undefined);
}
