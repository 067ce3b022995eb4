import { joinBytes } from '../mutate/join-bytes.js';
import { ascii, viewOf, type Block, type Blocks, type Layout } from './layout.js';

/** Differences between chunk formats. */
interface ChunkKind {
  /** Whether a file is of this kind. */
  matches(bytes: Uint8Array): boolean;
  readonly prefixBytes: number;
  readonly nameBytes: number;
  readonly sizeBytes: 4 | 8;
  readonly isLittle: boolean;
  /** Whether a size counts the chunk's own header. */
  readonly countsHeader: boolean;
  readonly alignment: number;
  /** Where the file states its size; undefined if it does not. */
  readonly fileSizeAt?: number;
}

/** RIFF, AIFF, CAF and Wave64: a name, a size, a body, and padding, for example to an even offset. */
function chunkLayout(kind: ChunkKind): Layout {
  const { nameBytes, sizeBytes, isLittle, alignment } = kind;
  const headBytes = nameBytes + sizeBytes;
  const readSize = (view: DataView, at: number) =>
    sizeBytes === 4 ? view.getUint32(at, isLittle) : Number(view.getBigUint64(at, isLittle));
  const writeSize = (view: DataView, at: number, size: number) => {
    if (sizeBytes === 4) view.setUint32(at, size, isLittle);
    else view.setBigUint64(at, BigInt.asUintN(64, BigInt(size)), isLittle);
  };
  return {
    parse(bytes) {
      if (!kind.matches(bytes) || bytes.length < kind.prefixBytes) return undefined;
      const view = viewOf(bytes);
      const blocks: Block[] = [];
      for (let at = kind.prefixBytes; at < bytes.length;) {
        if (at + headBytes > bytes.length) break;
        const size = readSize(view, at + nameBytes) - (kind.countsHeader ? headBytes : 0);
        const start = at + headBytes;
        const end = size >= 0 && start + size <= bytes.length ? start + size : bytes.length;
        blocks.push({ head: bytes.subarray(at, at + nameBytes), body: bytes.subarray(start, end) });
        at = Math.ceil(end / alignment) * alignment;
      }
      return { prefix: bytes.subarray(0, kind.prefixBytes), blocks };
    },
    build({ prefix, blocks }: Blocks) {
      const parts: Uint8Array[] = [prefix.slice()];
      for (const { head, body, declared } of blocks) {
        const header = new Uint8Array(headBytes);
        header.set(head.subarray(0, nameBytes));
        writeSize(viewOf(header), nameBytes, declared ?? body.length + (kind.countsHeader ? headBytes : 0));
        parts.push(header, body, new Uint8Array((alignment - ((headBytes + body.length) % alignment)) % alignment));
      }
      const bytes = joinBytes(parts);
      if (kind.fileSizeAt !== undefined && prefix.length >= kind.prefixBytes) {
        writeSize(viewOf(bytes), kind.fileSizeAt, bytes.length - (kind.countsHeader ? 0 : kind.fileSizeAt + sizeBytes));
      }
      return bytes;
    },
  };
}

const riff = { prefixBytes: 12, nameBytes: 4, sizeBytes: 4, countsHeader: false, alignment: 2, fileSizeAt: 4 } as const;

/** RIFF, RF64 and BW64. */
export const riffLayout = chunkLayout({
  ...riff,
  isLittle: true,
  matches: (bytes) => ['RIFF', 'RF64', 'BW64'].includes(ascii(bytes, 0, 4)),
});

/** RIFX, and AIFF and AIFC. */
export const formLayout = chunkLayout({
  ...riff,
  isLittle: false,
  matches: (bytes) => ['FORM', 'RIFX'].includes(ascii(bytes, 0, 4)),
});

export const cafLayout = chunkLayout({
  ...{ prefixBytes: 8, nameBytes: 4, sizeBytes: 8, countsHeader: false, alignment: 1, isLittle: false },
  matches: (bytes) => ascii(bytes, 0, 4) === 'caff',
});

export const wave64Layout = chunkLayout({
  ...{ prefixBytes: 40, nameBytes: 16, sizeBytes: 8, countsHeader: true, alignment: 8, isLittle: true, fileSizeAt: 16 },
  matches: (bytes) => ascii(bytes, 0, 4) === 'riff',
});
