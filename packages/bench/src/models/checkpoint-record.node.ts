import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Plugin, Provenance } from '@hearken/core';
import { atRevision, withoutQuery } from './hub-facts.node.js';
import type { CheckpointRecord, NamedModel } from '@hearken/results';
import { knownHashes } from '@hearken/results/internal';
import { publishedFiles } from './published-files.js';
import { type PulledFile, readPulledRecord } from './pulled-record.node.js';

/**
 * The file with a loaded model's weights, and whether it is the published one.
 *
 * @param checkpoint the file or folder that the model was loaded from; undefined if the plugin has its own weights
 */
export async function checkpointRecord(
  plugin: Plugin,
  { model, checkpointSha256 }: Provenance,
  checkpoint: string | undefined,
): Promise<CheckpointRecord | undefined> {
  if (checkpointSha256 === null || checkpoint === undefined) return undefined;
  const path = resolve(checkpoint);
  const metadata = Object.hasOwn(plugin.models, model) ? plugin.models[model] : undefined;
  const files = metadata === undefined ? [] : publishedFiles(`${plugin.name}:${model}`, metadata);
  const known = [
    ...knownHashes(plugin.name, model),
    ...[metadata?.checkpointSha256, ...files.map(({ sha256 }) => sha256)].flatMap(
      (sha256) => sha256?.toLowerCase() ?? [],
    ),
  ];
  const isKnown = known.includes(checkpointSha256);
  const isPulled = known.length === 0 && (await wasPulled());
  return { file: basename(path), published: isKnown || isPulled };

  async function wasPulled(): Promise<boolean> {
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    const record = await readPulledRecord(isFolder ? path : dirname(path), `${plugin.name}:${model}`);
    const pulled = record?.files.find(({ sha256 }) => sha256 === checkpointSha256);
    return pulled !== undefined && files.some((file) => file.name === pulled.name && isFromPublisher(pulled, file.url));
  }
}

/** A file from a mirror does not count as published unless it was compared with a hash of the published file. */
function isFromPublisher({ url, verifiedBy }: PulledFile, published: string): boolean {
  if (verifiedBy !== undefined) return verifiedBy === 'published';
  const place = (address: string) => withoutQuery(atRevision(address, 'any'));
  return URL.canParse(url) && place(url) === place(published);
}

/** The name of a loaded model. */
export async function namedModel(
  plugin: Plugin,
  provenance: Provenance,
  checkpoint: string | undefined,
): Promise<NamedModel> {
  const { plugin: name, model, checkpointSha256 } = provenance;
  const record = await checkpointRecord(plugin, provenance, checkpoint);
  return { plugin: name, model, checkpointSha256, ...(record === undefined ? {} : { checkpoint: record }) };
}
