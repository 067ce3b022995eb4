import { FileError, type ModelFile, type ModelMetadata, OptionError, type Plugin } from '@hearken/core';
import type { DownloadOptions } from '../hear/download/download-file.node.js';
import { checkWritable } from '@hearken/core/node';
import { hasAcceptedTerms, rememberAcceptedTerms, type TermsToAccept } from './accepted-terms.node.js';
import { fetchFile } from './fetch-file.node.js';
import { accessHeaders, huggingFace } from './hub-access.js';
import { modelFolder } from './models-folder.node.js';
import { findPresentFiles } from './present-files.node.js';
import { mirrorUrl, publishedFiles } from './published-files.js';
import {
  findPulledModel,
  type PulledFile,
  type PulledModel,
  readPulledRecord,
  writePulledRecord,
} from './pulled-record.node.js';

/** Where a model is pulled to, on whose terms, and how patiently. */
export interface PullOptions extends Pick<DownloadOptions, 'attempts' | 'retryDelay' | 'stallTimeout' | 'abortSignal'> {
  /** The models folder. */
  readonly models: string;
  /** Asks the user; only where the terms were not accepted before. */
  readonly accept: (terms: TermsToAccept) => Promise<boolean>;
  /** Another place, see `mirrorUrl`. A token never goes there. */
  readonly mirror?: string;
  /** Only look at what is there. */
  readonly offline?: boolean;
  /** The user's own, for gated models: sent to `tokenOrigin` alone, and neither written nor shown. */
  readonly token?: string;
  /** Default: Hugging Face. */
  readonly tokenOrigin?: string;
  /** Called with what happens, as it happens. */
  readonly onEvent?: (event: PullEvent) => void;
}

/** What happens while a model is pulled. */
export type PullEvent =
  | {
      /** A file that is there is being hashed; or it does not hash to what it should, and is fetched again. */
      readonly kind: 'check' | 'damaged';
      /** The file that it happens to. */
      readonly file: string;
    }
  | {
      /** Bytes came. */
      readonly kind: 'progress';
      /** The file that it happens to. */
      readonly file: string;
      /** Bytes that are there. */
      readonly received: number;
      /** Bytes of the file; null where its place does not tell. */
      readonly total: number | null;
    }
  | {
      /** A try failed, and another follows. */
      readonly kind: 'retry';
      /** The file that it happens to. */
      readonly file: string;
      /** What went wrong. */
      readonly reason: string;
      /** Milliseconds until the next try. */
      readonly delay: number;
    }
  | {
      /** A file is there, whole and checked. */
      readonly kind: 'fetched';
      /** The file that it happens to. */
      readonly file: PulledFile;
      /** Bytes that an earlier try had left; 0 for none. */
      readonly resumedAt: number;
    };

/** A model that has been pulled. */
export interface PullOutcome extends PulledModel {
  /** Whether something was downloaded, or all was there. */
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
 * Downloads a model from the place where its authors publish it, into `<models>/<plugin>-<model>`. Files that are there
 * are hashed and left as they are; the rest is downloaded, resumed where a part is there, compared with the SHA-256 that
 * the plugin or the place tells, and recorded in `pulled.json`.
 *
 * @throws OptionError for a model without a published file, terms that are not accepted, or a missing token;
 *   FileError for what cannot be had, is damaged or cannot be written; the abort signal's reason
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
  throw new FileError({ asked: name, found: `files in '${folder}' that changed meanwhile`, fix: 'pull it again' });
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
  // Whoever has no token need not be asked for anything.
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
    // After each file, so that an interrupted pull knows what it has.
    await writeRecord(pull, pulled, revision);
    onEvent?.({ kind: 'fetched', file: fetched.file, resumedAt: fetched.resumedAt });
  }
}

async function agree({ name, plugin, metadata, options }: Pull): Promise<void> {
  if (await hasAcceptedTerms(options.models, plugin, metadata)) return;
  if (!(await options.accept({ name, metadata }))) {
    throw new OptionError({
      asked: `to pull ${name}`,
      found: 'its licence or terms not accepted',
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
    fix: `pass a checkpoint of your own with --checkpoint if it needs one${known}`,
  });
}

function notHere({ name, folder }: Pull, missing: readonly ModelFile[]): FileError {
  return new FileError({
    asked: `${name}, offline`,
    found: `no ${missing.map((file) => file.name).join(', ')} in '${folder}' that ${missing.length > 1 ? 'are' : 'is'} known to be right`,
    fix: 'pull it without --offline, name the folder that has it with --models, or pass the files with --checkpoint',
  });
}
