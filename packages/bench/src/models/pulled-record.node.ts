import { isRecord, parseBoundedJson } from '@hearken/core/internal';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from '@hearken/core';
import { cacheFolders, readPlainText, writeFileAtomic } from '@hearken/core/node';
import { pathPart } from '@hearken/results/internal';
import { publishedFiles } from './published-files.js';

/** A file that was pulled. */
export interface PulledFile {
  /** Its name in the model's folder. */
  readonly name: string;
  /** Where it was downloaded from. */
  readonly url: string;
  /** Its size in bytes. */
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** What it was compared with when it was downloaded; null if no checksum was known. */
  readonly verified: 'md5' | 'sha256' | null;
  /**
   * Source of that checksum: the plugin or publishing host, or the mirror that sent the file, which says nothing about
   * the published file. Missing in records of earlier versions.
   */
  readonly verifiedBy?: 'published' | 'mirror';
}

/** What `pulled.json`, next to a model's files, says about them. */
export interface PulledRecord {
  /** `plugin:model` */
  readonly model: string;
  /** When the last of them was downloaded, ISO 8601. */
  readonly date: string;
  /** Licence of the weights; null if unknown. */
  readonly license: string | null;
  /** URL of the terms of use. */
  readonly terms: string | null;
  /** The commit of the files, if the host says. */
  readonly revision: string | null;
  /** The weights come last. */
  readonly files: readonly PulledFile[];
}

/** A complete model in the models folder. */
export interface PulledModel {
  /** Its folder. */
  readonly folder: string;
  /** What `loadModel` takes: the file if the model has a single one, else the folder. */
  readonly checkpoint: string;
  /** Size of all its files. */
  readonly bytes: number;
  /** What is recorded about them. */
  readonly record: PulledRecord;
}

const fileName = 'pulled.json';

/** The record of a model's files; undefined if there is none, or it is for another model. */
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
 * A pulled model; undefined unless all its files exist with the recorded sizes. Nothing is hashed.
 *
 * @param models the models folder
 * @throws PluginError for metadata with impossible file names
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

/** Size of a regular file; undefined if there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    (found) => (found.isFile() ? found.size : undefined),
    () => undefined,
  );
}

/** Far above the size of these files. */
const maximumBytes = 2 ** 20;

/** The object in a small JSON file; undefined if there is no such file, or if it has something else. */
export async function readSmallJson(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const value = parseBoundedJson(await readPlainText(path, { maximumBytes }));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The folder of pulled models, which can be moved.
 *
 * @param folder default: `HEARKEN_MODELS`, else `models` in the cache folder, see `cacheFolders`
 */
export function modelsFolder(folder?: string): string {
  // An empty variable counts as unset.
  const [chosen] = [folder, process.env.HEARKEN_MODELS].filter((one) => one !== undefined && one !== '');
  return chosen ?? join(cacheFolders().root, 'models');
}

/** The folder of one model: `<models>/<plugin>-<model>`. */
export function modelFolder(models: string, plugin: string, model: string): string {
  return join(models, `${pathPart(plugin)}-${pathPart(model)}`);
}
