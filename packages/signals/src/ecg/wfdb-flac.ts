import { flacIntegers } from '../audio/codecs/flac.js';
import { StreamFault } from '../audio/stream-fault.js';
import { maximumValues } from './ecg-record.js';
import { failed } from './wfdb-source.js';

/** Blocks of `[channels][samples]` integers. */
type Blocks = Iterable<readonly ArrayLike<number>[]>;

/**
 * The counts of a FLAC signal file, one channel per signal. The stream's own rate is ignored: FLAC cannot express most
 * rates of ECGs.
 *
 * @param expected the header's description of the file
 * @returns `[channels][samples]`
 * @throws AudioError naming the file
 */
export function readFlacCounts(
  path: string,
  fileName: string,
  bytes: Uint8Array,
  expected: { readonly bits: number; readonly channels: number },
): Int32Array[] {
  const fail = (found: string, cause?: unknown) =>
    failed(path, `FLAC file '${fileName}' ${found}`, 'download the whole record again', cause);
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== 'fLaC') throw fail('that does not begin like FLAC');
  try {
    const { info, blocks } = flacIntegers(bytes);
    if (info.bits !== expected.bits || info.channels !== expected.channels) {
      const stream = `${info.channels} signals with ${info.bits} bits`;
      throw fail(`with ${stream}, but the header says ${expected.channels} with ${expected.bits} bits`);
    }
    return joinBlocks(blocks, info.channels, () => fail(`with more than ${maximumValues} samples`));
  } catch (cause) {
    if (cause instanceof StreamFault) throw fail(`that is damaged or truncated: ${cause.message}`, cause);
    throw cause;
  }
}

function joinBlocks(blocks: Blocks, channels: number, tooMany: () => Error): Int32Array[] {
  let joined = Array.from({ length: channels }, () => new Int32Array(2 ** 14));
  let length = 0;
  for (const block of blocks) {
    const end = length + block[0].length;
    if (channels * end > maximumValues) throw tooMany();
    if (end > joined[0].length) {
      joined = joined.map((values) => {
        const longer = new Int32Array(Math.max(end, 2 * values.length));
        longer.set(values);
        return longer;
      });
    }
    joined.forEach((values, channel) => {
      values.set(block[channel], length);
    });
    length = end;
  }
  return joined.map((values) => values.subarray(0, length));
}
