import { FileError, type ModelFile, type ModelMetadata, OptionError, type Plugin } from '@hearken/core';
import type { DownloadOptions } from '../download/download-file.node.js';
import { checkWritable } from '@hearken/core/node';
import { hasAcceptedTerms, rememberAcceptedTerms, type TermsToAccept } from './accepted-terms.node.js';
import { fetchFile } from './fetch-file.node.js';
import { accessHeaders, huggingFace } from './hub-access.js';
import { findPresentFiles } from './present-files.node.js';
import { mirrorUrl, publishedFiles } from './published-files.js';
import {
  findPulledModel,
  modelFolder,
  type PulledFile,
  type PulledModel,
  readPulledRecord,
  writePulledRecord,
} from './pulled-record.node.js';

/** Where to pull a model to, how to accept its terms, and how often to retry. */
export interface PullOptions extends Pick<DownloadOptions, 'attempts' | 'retryDelay' | 'stallTimeout' | 'abortSignal'> {
  /** The models folder. */
  readonly models: string;
  /** Asks the user; only if the terms have not been accepted before. */
  readonly accept: (terms: TermsToAccept) => Promise<boolean>;
  /** Another source, see `mirrorUrl`. It never receives the token. */
  readonly mirror?: string;
  /** Only check existing files. */
  readonly offline?: boolean;
  /** The user's token for gated models: sent only to `tokenOrigin`, never stored or shown. */
  readonly token?: string;
  /** Default: Hugging Face. */
  readonly tokenOrigin?: string;
  /** Called for each event. */
  readonly onEvent?: (event: PullEvent) => void;
}

/** What happens while a model is pulled. */
export type PullEvent =
  | {
      /** An existing file is being hashed, or has the wrong hash and is fetched again. */
      readonly kind: 'check' | 'damaged';
      /** The file's name. */
      readonly file: string;
    }
  | {
      /** Bytes arrived. */
      readonly kind: 'progress';
      /** The file's name. */
      readonly file: string;
      /** Number of bytes so far. */
      readonly received: number;
      /** Size of the file; null if unknown. */
      readonly total: number | null;
    }
  | {
      /** An attempt failed, and another follows. */
      readonly kind: 'retry';
      /** The file's name. */
      readonly file: string;
      /** What went wrong. */
      readonly reason: string;
      /** Milliseconds until the next attempt. */
      readonly delay: number;
    }
  | {
      /** A file is complete and checked. */
      readonly kind: 'fetched';
      /** The file's name. */
      readonly file: PulledFile;
      /** Bytes left by an earlier attempt; 0 for none. */
      readonly resumedAt: number;
    };

/** A model that has been pulled. */
export interface PullOutcome extends PulledModel {
  /** Whether something was downloaded, or everything was already there. */
  readonly state: 'downloaded' | 'present';
}

interface Pull {
  readonly name: string;
  readonly plugin: Plugin;
  readonly model: string;
  readonly metadata: ModelMetadata;
  readonly folder: string;
  readonly options: PullOptions;
}

/**
 * Downloads a model from where its authors publish it, into `<models>/<plugin>-<model>`. Existing files are hashed and
 * kept; the others are downloaded (resuming partial downloads), compared with the SHA-256 given by the plugin or the
 * host, and recorded in `pulled.json`.
 *
 * @throws OptionError for a model without a published file, terms that are not accepted, or a missing token;
 *   FileError for files that cannot be downloaded, are damaged or cannot be written; the abort signal's reason
 */
export async function pullModel(plugin: Plugin, model: string, options: PullOptions): Promise<PullOutcome> {
  const name = `${plugin.name}:${model}`;
  const metadata = plugin.models[model];
  const files = publishedFiles(name, metadata);
  if (files.length === 0) throw nothingToPull(name, plugin);
  const folder = modelFolder(options.models, plugin.name, model);
  const pull = { name, plugin, model, metadata, folder, options };
  const record = await readPulledRecord(folder, name);
  const { present, missing } = await findPresentFiles(folder, files, record?.files ?? [], options.onEvent);
  if (missing.length > 0) {
    const revision = present.length > 0 ? (record?.revision ?? undefined) : undefined;
    await fetchMissing(pull, missing, { present, recorded: record?.files ?? [], revision });
  } else if (present.some((file) => !record?.files.includes(file))) {
    await writeRecord(pull, present, undefined);
  }
  const pulled = await findPulledModel(plugin, model, options.models);
  if (pulled !== undefined) return { ...pulled, state: missing.length > 0 ? 'downloaded' : 'present' };
  throw new FileError({
    asked: name,
    found: `files in '${folder}' that changed during the download`,
    fix: 'pull it again',
  });
}

async function fetchMissing(
  pull: Pull,
  missing: readonly ModelFile[],
  known: {
    readonly present: readonly PulledFile[];
    readonly recorded: readonly PulledFile[];
    readonly revision: string | undefined;
  },
): Promise<void> {
  const { present, recorded } = known;
  let { revision } = known;
  const { name, plugin, model, metadata, folder, options } = pull;
  const { mirror, token, tokenOrigin = huggingFace, onEvent } = options;
  if (options.offline === true) throw notHere(pull, missing);
  const access = { token, origin: tokenOrigin };
  const places = missing.map((file) => ({
    file,
    url: mirror === undefined ? file.url : mirrorUrl(mirror, file, { plugin: plugin.name, model }),
  }));
  // Without a token there is no need to ask for acceptance first.
  for (const { url } of places) accessHeaders(name, metadata, url, access);
  await agree(pull);
  await checkWritable(folder);
  const { attempts, retryDelay, stallTimeout, abortSignal } = options;
  const tuning = Object.fromEntries(
    Object.entries({ attempts, retryDelay, stallTimeout }).filter(([, value]) => value !== undefined),
  );
  let pulled = [...present];
  for (const { file, url } of places) {
    const record = recorded.find((one) => one.name === file.name && one.verifiedBy === 'published');
    const recordedSha256 = record?.sha256;
    const place = { name, metadata, file, url, revision, ...(recordedSha256 === undefined ? {} : { recordedSha256 }) };
    const fetched = await fetchFile(place, folder, access, {
      ...tuning,
      abortSignal,
      onProgress: (progress) => onEvent?.({ kind: 'progress', file: file.name, ...progress }),
      onRetry: (reason, delay) => onEvent?.({ kind: 'retry', file: file.name, reason, delay }),
    });
    revision ??= fetched.revision;
    pulled = [...pulled, fetched.file];
    // Recorded after each file, so that an interrupted pull keeps what it has.
    await writeRecord(pull, pulled, revision);
    onEvent?.({ kind: 'fetched', file: fetched.file, resumedAt: fetched.resumedAt });
  }
}

async function agree({ name, plugin, metadata, options }: Pull): Promise<void> {
  if (await hasAcceptedTerms(options.models, plugin, metadata)) return;
  if (!(await options.accept({ name, metadata }))) {
    throw new OptionError({
      asked: `to pull ${name}`,
      found: 'its licence or terms are not accepted',
      fix: `read them${metadata.terms === undefined ? '' : ` at ${metadata.terms.url}`}, and pull again to accept them`,
    });
  }
  await checkWritable(options.models);
  await rememberAcceptedTerms(options.models, plugin, metadata);
}

async function writeRecord(pull: Pull, files: readonly PulledFile[], revision: string | undefined): Promise<void> {
  const { name, metadata, folder } = pull;
  await writePulledRecord(folder, {
    model: name,
    date: new Date().toISOString(),
    license: metadata.license ?? null,
    terms: metadata.terms?.url ?? null,
    revision: revision ?? null,
    files,
  });
}

function nothingToPull(name: string, plugin: Plugin): OptionError {
  const others = Object.keys(plugin.models).filter(
    (model) => publishedFiles(`${plugin.name}:${model}`, plugin.models[model]).length > 0,
  );
  const known =
    others.length === 0 ? '' : `, or pull one of ${others.map((one) => `${plugin.name}:${one}`).join(', ')}`;
  return new OptionError({
    asked: `to pull ${name}`,
    found: 'no published file: it needs no weights, or its authors publish none',
    fix: `if it needs a checkpoint, pass yours with --checkpoint${known}`,
  });
}

function notHere({ name, folder }: Pull, missing: readonly ModelFile[]): FileError {
  return new FileError({
    asked: `${name}, offline`,
    found: `no verified ${missing.map((file) => file.name).join(', ')} in '${folder}'`,
    fix: 'pull it without --offline, pass the folder that has it with --models, or pass the files with --checkpoint',
  });
}
