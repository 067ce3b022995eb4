import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from '@hearken/core';
import { writeFileAtomic } from '@hearken/core/node';
import { modelFolder } from './models-folder.node.js';
import { publishedFiles } from './published-files.js';
import { readSmallJson } from './read-json.node.js';

/** A file that was pulled. */
export interface PulledFile {
  /** Its name in the model's folder. */
  readonly name: string;
  /** Where it came from. */
  readonly url: string;
  /** Its size. */
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** What it was compared with when it came; null where no checksum was known. */
  readonly verified: 'md5' | 'sha256' | null;
  /**
   * Who told that checksum: the plugin or the place where the model is published, or the mirror that sent the file, which says
   * nothing of what was published. Records of earlier versions lack it.
   */
  readonly verifiedBy?: 'published' | 'mirror';
}

/** What `pulled.json`, beside the files of a model, says of them. */
export interface PulledRecord {
  /** `plugin:model` */
  readonly model: string;
  /** When the last of them came, ISO 8601. */
  readonly date: string;
  /** Licence of the weights; null where it is not known. */
  readonly license: string | null;
  /** Address of the terms of use. */
  readonly terms: string | null;
  /** The repository's revision that the files are of, where its place tells. */
  readonly revision: string | null;
  /** The weights last. */
  readonly files: readonly PulledFile[];
}

/** A model that lies in the models folder, whole. */
export interface PulledModel {
  /** Where it lies. */
  readonly folder: string;
  /** What `loadModel` takes: the file where the model is one, else the folder. */
  readonly checkpoint: string;
  /** Size of all its files. */
  readonly bytes: number;
  /** What is noted beside them. */
  readonly record: PulledRecord;
}

const fileName = 'pulled.json';

/** What is recorded of a model's files; undefined where nothing is, or it is of another model. */
export async function readPulledRecord(folder: string, model: string): Promise<PulledRecord | undefined> {
  const found = await readSmallJson(join(folder, fileName));
  if (found?.model !== model || !Array.isArray(found.files)) return undefined;
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  return {
    model,
    date: text(found.date) ?? '',
    license: text(found.license),
    terms: text(found.terms),
    revision: text(found.revision),
    files: found.files.filter(isPulledFile),
  };
}

function isPulledFile(value: unknown): value is PulledFile {
  if (typeof value !== 'object' || value === null) return false;
  const { name, url, bytes, sha256 } = value as Partial<PulledFile>;
  const isHash = typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256);
  return typeof name === 'string' && typeof url === 'string' && Number.isSafeInteger(bytes) && isHash;
}

export async function writePulledRecord(folder: string, record: PulledRecord): Promise<void> {
  await writeFileAtomic(join(folder, fileName), `${JSON.stringify(record, undefined, 2)}\n`);
}

/**
 * A model as it was pulled; undefined unless each of its files is there, of the size recorded. Nothing is hashed.
 *
 * @param models the models folder
 * @throws PluginError for metadata that name impossible files
 */
export async function findPulledModel(plugin: Plugin, model: string, models: string): Promise<PulledModel | undefined> {
  const name = `${plugin.name}:${model}`;
  const files = Object.hasOwn(plugin.models, model) ? publishedFiles(name, plugin.models[model]) : [];
  const folder = modelFolder(models, plugin.name, model);
  const record = files.length === 0 ? undefined : await readPulledRecord(folder, name);
  if (record === undefined) return undefined;
  let bytes = 0;
  for (const file of files) {
    const pulled = record.files.find((one) => one.name === file.name);
    if (pulled === undefined || (await sizeOf(join(folder, file.name))) !== pulled.bytes) return undefined;
    bytes += pulled.bytes;
  }
  return { folder, checkpoint: files.length === 1 ? join(folder, files[0].name) : folder, bytes, record };
}

/** Bytes of a plain file; undefined where there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    (found) => (found.isFile() ? found.size : undefined),
    () => undefined,
  );
}
