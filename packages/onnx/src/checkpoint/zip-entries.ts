import { CheckpointError } from '@hearken/core';
import { ZipReader, type ReadableReader } from '@zip.js/zip.js/lib/zip-core-reader.js';
import type { ByteSource } from './byte-source.js';
import { strangeArchive } from './strange-archives.js';
import type { DirectoryEntry, ZipEntry } from './zip-entry.js';
import { readLocalHeaders } from './zip-local-headers.js';

/** The most entries an archive may have; no model has this many tensors. */
const MAX_ENTRIES = 100_000;
/** Limits on finding and reading the directory, far above what MAX_ENTRIES entries need. */
const MAX_DIRECTORY_BYTES = 64 * 1024 * 1024;
const MAX_DIRECTORY_READS = 4096;
const STORED = 0;

/**
 * Lists the entries of a zip archive that stores all of them uncompressed, as PyTorch does, and where the data of each
 * begins. Archives and entries over 4 GB (zip64) are read too. Only the directory and the local headers are read, never
 * the data.
 *
 * @throws CheckpointError if it is not a zip archive, or is truncated or empty; if an entry is compressed or encrypted,
 * outside the file, overlaps another, is listed twice, or is described differently by the directory and its own header;
 * and if there are more than 100,000 entries.
 */
export async function readZipEntries(source: ByteSource): Promise<ZipEntry[]> {
  const { entries, directoryOffset } = await readDirectory(source);
  if (entries.length === 0) {
    throw refused(source, 'the zip archive is empty', 'this is not a checkpoint: download the file again');
  }
  entries.sort((left, right) => left.headerOffset - right.headerOffset);
  const located = await readLocalHeaders(source, entries);
  for (let index = 0; index < located.length; index += 1) {
    const end = located[index].dataOffset + located[index].size;
    const next = index + 1 < entries.length ? entries[index + 1].headerOffset : directoryOffset;
    if (end > next) {
      const neighbour = index + 1 < entries.length ? `entry '${entries[index + 1].name}'` : "the archive's directory";
      throw refused(source, `zip entry '${located[index].name}' ends at byte ${end}, after ${neighbour} begins`);
    }
  }
  return located;
}

async function readDirectory(source: ByteSource): Promise<{ entries: DirectoryEntry[]; directoryOffset: number }> {
  const zip = new ZipReader(new MeteredReader(source), { maxAppendedDataSize: 0 });
  const entries: DirectoryEntry[] = [];
  const names = new Set<string>();
  let compressed: string | undefined;
  try {
    for await (const entry of zip.getEntriesGenerator()) {
      const { filename, compressionMethod, uncompressedSize } = entry;
      if (names.size === MAX_ENTRIES) {
        throw refused(source, `the zip archive has more than ${MAX_ENTRIES} entries`, 'this is not a checkpoint');
      }
      if (names.has(filename)) throw refused(source, `zip entry '${filename}' is listed twice`);
      if (entry.encrypted) throw refused(source, `zip entry '${filename}' is encrypted`, 'decrypt the archive first');
      if (compressionMethod !== STORED || entry.compressedSize !== uncompressedSize) {
        compressed ??= `zip entry '${filename}' is compressed (method ${compressionMethod})`;
      }
      names.add(filename);
      entries.push({
        name: filename,
        rawName: entry.rawFilename,
        headerOffset: entry.offset,
        size: uncompressedSize,
        hasDataDescriptor: entry.bitFlag?.dataDescriptor ?? false,
      });
    }
  } catch (cause) {
    throw cause instanceof CheckpointError ? cause : unreadableDirectory(source, cause);
  }
  // First check what it is: the code in a TorchScript archive is compressed, and zipping it again would not help.
  const stranger = strangeArchive([...names]);
  if (stranger !== undefined) throw refused(source, stranger.found, stranger.fix);
  if (compressed !== undefined) {
    throw refused(
      source,
      compressed,
      'weights are used in place, so zip it again without compression (zip -0), or save it again with PyTorch',
    );
  }
  return { entries, directoryOffset: zip.directoryOffset ?? source.size };
}

function unreadableDirectory(source: ByteSource, cause: unknown): CheckpointError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return refused(
    source,
    `the zip archive's directory cannot be read (${message})`,
    'the file is truncated or damaged, or not a zip archive: download it again',
    cause,
  );
}

function refused(source: ByteSource, found: string, fix?: string, cause?: unknown): CheckpointError {
  return new CheckpointError({
    asked: source.name,
    found,
    fix: fix ?? 'the file is damaged or was manipulated: download it again from its authors',
    cause,
  });
}

/**
 * Reads for the zip library, with a limit on how much and how often, because a crafted directory may send it anywhere.
 * It has the members of the library's `Reader`, which the reading part of the library does not include.
 */
class MeteredReader implements ReadableReader {
  readonly size: number;
  readonly #source: ByteSource;
  #bytesLeft = MAX_DIRECTORY_BYTES;
  #readsLeft = MAX_DIRECTORY_READS;

  constructor(source: ByteSource) {
    this.#source = source;
    this.size = source.size;
  }

  /** Streams are only used for entries' data, which is never read. */
  get readable(): ReadableStream {
    return new ReadableStream();
  }

  async readUint8Array(offset: number, length: number): Promise<Uint8Array> {
    const available = Math.max(0, Math.min(length, this.size - offset));
    this.#bytesLeft -= available;
    this.#readsLeft -= 1;
    if (this.#bytesLeft < 0 || this.#readsLeft < 0) {
      throw refused(this.#source, "the zip archive's directory is far too large", 'this is not a checkpoint');
    }
    return available === 0 ? new Uint8Array() : await this.#source.read(offset, available);
  }
}
