import { createInterface } from 'node:readline/promises';
import { crc32 } from 'node:zlib';
import { isRecord } from '@hearken/core/internal';
import { openPlainFile, writeFileAtomic } from '@hearken/core/node';

/** Raise this when the lines change. */
const formatLine = '{"hearkenManifest":2}';
/** A manifest of ten million clips is smaller. */
const maximumBytes = 2 ** 32;
/** A line has a path, a hash and three numbers. */
const maximumLineLength = 2 ** 14;

/** A file of a task. */
export interface FileFacts {
  /** In the task's folder, with `/`. */
  readonly path: string;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
  /** Size in bytes. */
  readonly bytes: number;
  /** When its content was last modified, in ms. */
  readonly modified: number;
  /** When it was last changed in any way, its name and permissions included, in ms. */
  readonly changed: number;
}

/** A manifest on disk: a line that names the format, then a line for each file: the CRC-32 of its JSON, and the JSON. */
export class ManifestFile {
  constructor(readonly path: string) {}

  /** The files by path; those of damaged lines are missing. */
  async read(): Promise<Map<string, FileFacts>> {
    const files = new Map<string, FileFacts>();
    const found = await openPlainFile(this.path).catch(() => undefined);
    if (found === undefined) return files;
    try {
      if (found.size > maximumBytes) return files;
      const stream = found.handle.createReadStream({ encoding: 'utf8', autoClose: false });
      let isFirst = true;
      for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
        if (isFirst && line !== formatLine) return files;
        const facts = isFirst ? undefined : parseFacts(line);
        if (facts !== undefined) files.set(facts.path, facts);
        isFirst = false;
      }
    } catch {
      // What was read until then is right.
    } finally {
      await found.handle.close();
    }
    return files;
  }

  async write(files: readonly FileFacts[]): Promise<void> {
    await writeFileAtomic(this.path, linesOf(files));
  }
}

async function* linesOf(files: readonly FileFacts[]): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const linesAtOnce = 1000;
  yield encoder.encode(`${formatLine}\n`);
  for (let start = 0; start < files.length; start += linesAtOnce) {
    const lines = files.slice(start, start + linesAtOnce).map((file) => lineOf(JSON.stringify(file)));
    yield await Promise.resolve(encoder.encode(lines.join('')));
  }
}

function lineOf(json: string): string {
  return `${checksumOf(json)} ${json}\n`;
}

function checksumOf(json: string): string {
  return crc32(json).toString(16).padStart(8, '0');
}

/** A damaged line counts as missing: its file is hashed again. */
function parseFacts(line: string): FileFacts | undefined {
  const json = line.slice(9);
  if (line.length > maximumLineLength || line.slice(0, 9) !== `${checksumOf(json)} `) return undefined;
  try {
    const facts: unknown = JSON.parse(json);
    if (!isRecord(facts)) return undefined;
    const { path, sha256, bytes, modified, changed } = facts;
    const isFacts =
      typeof path === 'string' &&
      typeof sha256 === 'string' &&
      /^[0-9a-f]{64}$/.test(sha256) &&
      [bytes, modified, changed].every((value) => typeof value === 'number');
    return isFacts ? (facts as unknown as FileFacts) : undefined;
  } catch {
    return undefined;
  }
}
