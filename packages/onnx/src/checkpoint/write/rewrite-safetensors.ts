import { CheckpointError } from '@hearken/core';
import type { Checkpoint, TensorEntry } from '../checkpoint.js';
import type { ModelFiles } from '../model-files.js';
import { isPickleDict } from '../pickle-values.js';
import { sizeInBytes, type TensorContents, tensorContents } from './tensor-contents.js';
import { textParts } from './text-parts.js';
import { writeSafetensors } from './write-safetensors.js';
import type { CheckpointChanges, WrittenFile } from './written-file.js';

/** Writes safetensors again, in one file or as many as there were; see `rewriteCheckpoint`. */
export function rewriteSafetensors(
  files: ModelFiles,
  { tensors = new Map(), remove = [] }: CheckpointChanges,
): WrittenFile[] {
  const { checkpoint } = files;
  const [unusable] = [...checkpoint.unusable].filter(([name]) => !tensors.has(name) && !remove.includes(name));
  if (unusable !== undefined) {
    throw new CheckpointError({
      asked: `to write ${checkpoint.name} again`,
      found: `tensor '${unusable[0]}' ${unusable[1]}`,
      fix: 'leave it out, or save the weights in floating point',
    });
  }
  const shards = new Map<string | undefined, Map<string, TensorContents>>();
  for (const [name, entry] of checkpoint.tensors) {
    if (remove.includes(name)) continue;
    const shard = shards.get(entry.location) ?? new Map<string, TensorContents>();
    shards.set(entry.location, shard);
    const changed = tensors.get(name);
    shard.set(name, changed === undefined ? unchanged(files, entry) : tensorContents(name, changed));
  }
  const last = [...shards.values()].at(-1) ?? new Map<string, TensorContents>();
  if (shards.size === 0) shards.set(undefined, last);
  for (const [name, values] of tensors) if (!checkpoint.tensors.has(name)) last.set(name, tensorContents(name, values));
  const parts = [...shards.values()];
  return parts.length === 1 ? [{ name: 'model.safetensors', parts: written(parts[0], checkpoint) }] : sharded(parts);
}

/** Several files under the names that Hugging Face's libraries give them, and the index that lists them. */
function sharded(shards: readonly ReadonlyMap<string, TensorContents>[]): WrittenFile[] {
  const number = (value: number) => String(value).padStart(5, '0');
  const nameOf = (place: number) => `model-${number(place + 1)}-of-${number(shards.length)}.safetensors`;
  const listed = shards.flatMap((shard, place) =>
    [...shard].map(([name, tensor]) => ({ name, file: nameOf(place), size: sizeInBytes(tensor) })),
  );
  const index = {
    metadata: { total_size: listed.reduce((sum, { size }) => sum + size, 0) },
    weight_map: Object.fromEntries(listed.map(({ name, file }) => [name, file])),
  };
  return [
    // A merged checkpoint has no metadata; these libraries write this for every file.
    ...shards.map((shard, place) => ({ name: nameOf(place), parts: writeSafetensors(shard, { format: 'pt' }) })),
    { name: 'model.safetensors.index.json', parts: textParts(`${JSON.stringify(index, null, 2)}\n`) },
  ];
}

function written(tensors: ReadonlyMap<string, TensorContents>, { metadata }: Checkpoint): AsyncIterable<Uint8Array> {
  const texts = isPickleDict(metadata) ? [...metadata] : [];
  const isText = (member: readonly unknown[]): member is [string, string] =>
    member.every((one) => typeof one === 'string');
  return writeSafetensors(tensors, Object.fromEntries(texts.filter(isText)));
}

function unchanged(files: ModelFiles, entry: TensorEntry): TensorContents {
  return { dataType: entry.dataType, shape: entry.shape, bytes: () => files.readBytes(entry) };
}
