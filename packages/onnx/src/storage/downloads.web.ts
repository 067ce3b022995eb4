import { FileError } from '@hearken/core';
import { sha256OfBlob, sha256OfText } from './sha256.web.js';
import {
  isQuotaError,
  openStoredWriter,
  quotaError,
  readNote,
  storageFolder,
  type StoredFileNote,
  type StoredWriter,
  writeNote,
} from './stored-files.web.js';

/** Options to follow and cancel a download. */
export interface DownloadOptions {
  /** Called with the bytes received so far, including earlier attempts, and the total if the server says. */
  readonly onProgress?: (received: number, total: number | undefined) => void;
  /** Cancels the download; the promise then rejects with the signal's reason. Received data is kept. */
  readonly abortSignal?: AbortSignal;
}

/**
 * Downloads a file into the browser's storage, or finds it there. In a worker, an interrupted download (even by closing
 * the tab) resumes if the server supports ranges and its file has not changed.
 *
 * @throws FileError if the server refuses, the network fails, or there is no space; the abort signal's reason
 */
export async function downloadFile(url: URL, options: DownloadOptions = {}): Promise<Blob> {
  const folder = await storageFolder();
  // Without storage it is downloaded each time.
  if (folder === undefined) return fetchWhole(url, options);
  const key = sha256OfText(url.href).slice(0, 32);
  const handle = await folder.getFileHandle(key, { create: true });
  const note = await readNote(folder, key);
  if (note !== undefined && note.sha256 !== null) {
    const file = await handle.getFile();
    if (file.size > 0) return file;
  }
  const writer = await openStoredWriter(handle);
  if (writer === undefined) return storeWhole(url, options, folder, key, handle);
  const started = { source: url.href, sha256: null };
  try {
    await receive(url, options, writer, note, (version) => writeNote(folder, key, { ...started, version }));
  } finally {
    writer.close();
  }
  const file = await handle.getFile();
  await writeNote(folder, key, { ...started, sha256: await sha256OfBlob(file) });
  return file;
}

/** @param begin records which version of the file is being written */
async function receive(
  url: URL,
  { onProgress, abortSignal }: DownloadOptions,
  writer: StoredWriter,
  note: StoredFileNote | undefined,
  begin: (version: string | null) => Promise<void>,
): Promise<void> {
  const resumeAt = note?.version === undefined || note.version === null ? 0 : writer.size;
  // Not `If-Range`, which needs a CORS preflight that many hosts refuse.
  const headers: Record<string, string> = resumeAt > 0 ? { Range: `bytes=${resumeAt}-` } : {};
  let response = await request(url, { headers, signal: abortSignal });
  const isOther = response.status === 206 && versionOf(response) !== note?.version;
  // The file has changed, or the stored part is already as long as the file, or longer.
  if (isOther || response.status === 416) {
    await response.body?.cancel();
    response = await request(url, { signal: abortSignal });
  }
  if (!response.ok || response.body === null) throw refused(url, response);
  let position = response.status === 206 ? resumeAt : 0;
  if (position === 0) {
    writer.truncate(0);
    await begin(versionOf(response));
  }
  const length = Number(response.headers.get('Content-Length'));
  const total = length > 0 && !response.headers.has('Content-Encoding') ? position + length : undefined;
  onProgress?.(position, total);
  try {
    for await (const bytes of chunksOf(response.body)) {
      writer.write(bytes, position);
      position += bytes.length;
      onProgress?.(position, total);
    }
  } catch (cause) {
    throw broken(url, position, cause, abortSignal);
  }
  if (total !== undefined && position !== total) throw broken(url, position, `it has ${total} bytes`);
}

/** Identifies a version of a file; null if the host does not let pages read it. */
function versionOf({ headers }: Response): string | null {
  return headers.get('ETag') ?? headers.get('Last-Modified');
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function fetchWhole(url: URL, { onProgress, abortSignal }: DownloadOptions): Promise<Blob> {
  const response = await request(url, { signal: abortSignal });
  if (!response.ok || response.body === null) throw refused(url, response);
  const total = Number(response.headers.get('Content-Length')) || undefined;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let received = 0;
  try {
    for await (const bytes of chunksOf(response.body)) {
      parts.push(bytes as Uint8Array<ArrayBuffer>);
      received += bytes.length;
      onProgress?.(received, total);
    }
  } catch (cause) {
    throw broken(url, received, cause, abortSignal);
  }
  return new Blob(parts);
}

/** On a page's main thread: stored when complete. */
async function storeWhole(
  url: URL,
  options: DownloadOptions,
  folder: FileSystemDirectoryHandle,
  key: string,
  handle: FileSystemFileHandle,
): Promise<Blob> {
  const blob = await fetchWhole(url, options);
  try {
    const writable = await handle.createWritable();
    await writable.write(blob);
    await writable.close();
    await writeNote(folder, key, { source: url.href, sha256: await sha256OfBlob(blob) });
  } catch (cause) {
    if (isQuotaError(cause)) throw quotaError(cause);
    throw cause;
  }
  return handle.getFile();
}

async function request(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    init.signal?.throwIfAborted();
    throw new FileError({
      asked: url.href,
      found: 'no answer: the network failed, or the server does not let other pages read it',
      fix: 'check the connection, or download the file and drop it on the page',
      cause,
    });
  }
}

function refused(url: URL, response: Response): FileError {
  return new FileError({
    asked: url.href,
    found: `the server answered ${response.status} ${response.statusText}`.trimEnd(),
    fix:
      response.status === 401 || response.status === 403
        ? 'accept the terms where the model is published, download the file there and drop it on the page'
        : 'check the address',
  });
}

function broken(url: URL, position: number, cause: unknown, abortSignal?: AbortSignal): unknown {
  if (abortSignal?.aborted === true) return abortSignal.reason;
  if (cause instanceof FileError) return cause;
  return new FileError({
    asked: url.href,
    found: `the download ended after ${position} bytes${typeof cause === 'string' ? `; ${cause}` : ''}`,
    fix: 'try again: it resumes from there if the server allows it',
    cause,
  });
}
