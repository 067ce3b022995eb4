import { gunzipSync, gzipSync } from 'node:zlib';
import type { Random } from '../../packages/metrics/src/random.js';
import { layoutOf } from '../layouts/index.js';
import { protobufLayout } from '../layouts/protobuf.js';
import { mutateBlocks } from './blocks.js';
import { mutateBytes } from './bytes.js';
import { mutateJson } from './json.js';
import { mutateText } from './text.js';

/** Files by name, like a folder; a single file is a folder with one file. */
export type Files = Readonly<Record<string, Uint8Array>>;

const json = /\.json$/i;
const text = /\.(?:hea|csv|tsv|txt|jsonl|textgrid|svg|html)$/i;

/** The largest input made from a small seed. */
const maximumBytes = 2 ** 21;

/** Changes a file according to its kind: JSON, text, blocks, a gzip archive of blocks, or bytes. */
export function mutateFile(name: string, bytes: Uint8Array, random: Random, donor: Uint8Array): Uint8Array {
  let changed = bytes;
  // Usually one change, because several tend to fail in the same first check.
  for (let count = random.choice([1, 1, 1, 2, 2, 4]); count > 0; count -= 1)
    changed = mutateOnce(name, changed, random, donor);
  return changed.length > maximumBytes ? changed.subarray(0, maximumBytes) : changed;
}

function mutateOnce(name: string, bytes: Uint8Array, random: Random, donor: Uint8Array): Uint8Array {
  // Files of any kind are sometimes damaged at random.
  if (random.integer(5) === 0) return mutateBytes(bytes, random, donor);
  if (json.test(name)) return changeText(bytes, random, donor, mutateJson);
  if (text.test(name)) return changeText(bytes, random, donor, mutateText);
  if (/\.t?gz$/i.test(name)) {
    const unpacked = unzipped(bytes);
    return unpacked === undefined
      ? mutateBytes(bytes, random, donor)
      : gzipSync(mutateOnce('a.tar', unpacked, random, unzipped(donor) ?? donor), { level: 1 });
  }
  const layout = /\.onnx$/i.test(name) ? protobufLayout : layoutOf(name, bytes);
  if (layout === undefined) return mutateBytes(bytes, random, donor);
  return mutateBlocks(layout, bytes, random, donor, (body, source, other) => changeBody(body, source, other));
}

/** A block's content may be JSON or text, or in an archive another file. */
function changeBody(body: Uint8Array, random: Random, donor: Uint8Array): Uint8Array {
  if (random.integer(3) > 0) {
    if (body[0] === 0x7b || body[0] === 0x5b) return changeText(body, random, donor, mutateJson);
    if (body.length > 0 && body.subarray(0, 200).every((byte) => byte >= 9 && byte < 128))
      return changeText(body, random, donor, mutateText);
    const layout = body.length > 12 ? layoutOf('', body) : undefined;
    if (layout !== undefined) return mutateBlocks(layout, body, random, donor, mutateBytes);
  }
  return mutateBytes(body, random, donor);
}

type ChangeText = (text: string, random: Random, donor: string) => string;

function changeText(bytes: Uint8Array, random: Random, donor: Uint8Array, change: ChangeText): Uint8Array {
  return Buffer.from(change(Buffer.from(bytes).toString(), random, Buffer.from(donor.subarray(0, 20_000)).toString()));
}

function unzipped(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: maximumBytes });
  } catch {
    return undefined;
  }
}

/** Usually changes one file of a folder; sometimes removes one, or gives one the content or name of another. */
export function mutateFiles(files: Files, random: Random, donor: Files): Files {
  const names = Object.keys(files);
  const name = random.choice(names);
  const changed: Record<string, Uint8Array> = { ...files };
  const kind = names.length === 1 ? 9 : random.integer(20);
  if (kind === 0) Reflect.deleteProperty(changed, name);
  else if (kind === 1) changed[name] = files[random.choice(names)];
  else {
    const donors = Object.keys(donor);
    const alike = donors.find((other) => other.slice(other.lastIndexOf('.')) === name.slice(name.lastIndexOf('.')));
    changed[name] = mutateFile(name, files[name], random, donor[alike ?? random.choice(donors)]);
  }
  return changed;
}
