import { OptionError } from '@hearken/core';
import type { HearFolder } from '@hearken/tasks';
import type { Checksum } from './checksum.node.js';

/** The rates, in Hz, at which HEAR's tasks were published. */
export const publishedSampleRates = [16_000, 22_050, 32_000, 44_100, 48_000] as const;

/** A place where a task's archive may be. */
export interface TaskLocation {
  readonly url: string;
  /** The archive's name, on the server and on this machine. */
  readonly file: string;
  readonly checksum?: Checksum;
}

/** Zenodo's record "HEAR 2021", version 2021.3: every task at 48 kHz, free of charge. */
const zenodo = 'https://zenodo.org/records/6332517/files/';
/**
 * HEAR's bucket: every rate, but downloads are billed to the requester, so it only answers requests with an account.
 */
const bucket = 'https://storage.googleapis.com/hear2021-archive/tasks/';

/** MD5 of some archives in Zenodo's record; Zenodo sends the MD5 of every file with it. */
const zenodoMd5: Readonly<Record<string, string>> = {
  'beehive_states_fold0-v2-full': 'f9e045f9b2ddf5643edc1143304c80aa',
  'beehive_states_fold1-v2-full': '8bced7ce8336bf23fd61c61f04aee109',
};

/** Archives were published under two names; the newer one first. */
const archivePrefixes = ['hear2021-', 'hear-2021.0.6-'];

export interface LocationOptions {
  /** Hz of the audio; one of {@link publishedSampleRates}, default 48000. */
  readonly sampleRate?: number;
  /** Another source: a folder's URL, or a file's with `{task}` and `{rate}` in it. */
  readonly mirror?: string;
}

/**
 * Where a task's archive may be, the likeliest place first.
 *
 * @throws OptionError for a rate that HEAR did not publish (without a mirror), or a mirror that is not an http(s) URL
 */
export function taskLocations(folder: Pick<HearFolder, 'id'>, options: LocationOptions = {}): TaskLocation[] {
  const { sampleRate = 48_000, mirror } = options;
  const names = archivePrefixes.map((prefix) => `${prefix}${folder.id}-${sampleRate}.tar.gz`);
  const md5 = sampleRate === 48_000 ? zenodoMd5[folder.id] : undefined;
  const checksum = md5 === undefined ? {} : { checksum: { algorithm: 'md5', hex: md5 } as const };
  if (mirror !== undefined) {
    // A mirror's file with a published archive's name must be that archive.
    return mirrorLocations(checkedMirror(mirror), folder.id, sampleRate, names).map((location) =>
      location.file === names[0] ? { ...location, ...checksum } : location,
    );
  }
  if (!(publishedSampleRates as readonly number[]).includes(sampleRate)) {
    throw new OptionError({
      asked: `HEAR tasks at ${sampleRate} Hz`,
      found: 'HEAR published none',
      fix: `choose ${publishedSampleRates.join(', ')}; clips are resampled to other rates when they are read`,
    });
  }
  if (sampleRate !== 48_000) return [{ url: `${bucket}${names[1]}`, file: names[1] }];
  return [{ url: `${zenodo}${names[0]}?download=1`, file: names[0], ...checksum }];
}

/** The id of the task whose archive has this name; undefined for any other name. */
export function taskIdOfArchive(file: string): string | undefined {
  const prefix = archivePrefixes.find((one) => file.startsWith(one));
  return prefix === undefined ? undefined : /^(.+)-\d+\.tar\.gz$/.exec(file.slice(prefix.length))?.[1];
}

function mirrorLocations(mirror: string, id: string, sampleRate: number, names: readonly string[]): TaskLocation[] {
  if (!mirror.includes('{task}')) return names.map((file) => ({ url: new URL(file, folderUrl(mirror)).href, file }));
  const url = mirror.replaceAll('{task}', id).replaceAll('{rate}', String(sampleRate));
  return [{ url, file: names[0] }];
}

function folderUrl(mirror: string): string {
  return mirror.endsWith('/') ? mirror : `${mirror}/`;
}

function checkedMirror(mirror: string): string {
  const url = URL.canParse(mirror) ? new URL(mirror) : undefined;
  const fit = url !== undefined && ['http:', 'https:'].includes(url.protocol) && url.username === '';
  if (fit) return mirror;
  throw new OptionError({
    asked: `mirror '${mirror}'`,
    found: url === undefined ? 'not a URL' : url.username === '' ? `the protocol ${url.protocol}` : 'a user name in it',
    fix: 'give an http or https URL of a folder, or of a file with {task} and {rate} in it',
  });
}
