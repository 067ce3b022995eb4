import { ZipWriter } from '@zip.js/zip.js/lib/zip-core-writer.js';

/** A file of an archive. */
export interface StoredFile {
  readonly name: string;
  readonly byteLength: number;
  read(): Promise<Uint8Array>;
}

/** Where zip needs 64-bit sizes; less than 4 GiB, because headers take space too. */
const LARGE_ARCHIVE = 0xf000_0000;
const HEADER_BYTES = 256;

/**
 * Writes a zip archive part by part: stored without compression, and the data of every file begins at a multiple of 64
 * bytes, as in PyTorch's archives and in USDZ, whose alignment the library knows. The same files give the same bytes.
 * Archives near 4 GiB and above are zip64. One file at a time is in memory.
 *
 * @param last makes one more file from the CRC-32 of all others
 */
export async function* storedZip(
  files: readonly StoredFile[],
  last?: (checksums: readonly number[]) => StoredFile,
): AsyncGenerator<Uint8Array> {
  const parts: Uint8Array[] = [];
  const writable = new WritableStream<Uint8Array>({ write: (part) => void parts.push(part) });
  const total = files.reduce((sum, { name, byteLength }) => sum + byteLength + 2 * name.length + HEADER_BYTES, 0);
  const writer = new ZipWriter(
    { writable },
    {
      level: 0,
      usdz: true,
      keepOrder: true,
      zip64: total >= LARGE_ARCHIVE,
      useWebWorkers: false,
      extendedTimestamp: false,
      lastModDate: new Date(1980, 0, 1),
    },
  );
  const add = async ({ name, read }: Pick<StoredFile, 'name' | 'read'>) => {
    const bytes = await read();
    const readable = new ReadableStream<Uint8Array>({
      start(controller) {
        if (bytes.length > 0) controller.enqueue(bytes);
        controller.close();
      },
    });
    const { signature = 0 } = await writer.add(name, readable);
    return signature;
  };
  const checksums: number[] = [];
  for (const file of files) {
    checksums.push(await add(file));
    yield* parts.splice(0);
  }
  if (last !== undefined) await add(last(checksums));
  await writer.close();
  yield* parts.splice(0);
}
