import { StreamFault } from '../stream-fault.js';
import type { MpegHeader } from '../containers/mpeg-header.js';
import { Layer12 } from './mpeg/layer-1-2.js';
import { Layer3 } from './mpeg/layer-3.js';

/** A frame to decode. */
export interface MpegPacket {
  readonly header: MpegHeader;
  readonly bytes: Uint8Array;
}

/**
 * Decodes the frames of one MPEG audio stream of any layer.
 *
 * @returns the samples of each frame, `header.samples` per channel
 */
export function* decodeMpegFrames(frames: Iterable<MpegPacket>): Generator<Float32Array[]> {
  let decoder: Layer12 | Layer3 | undefined;
  let index = 0;
  for (const { header, bytes } of frames) {
    decoder ??= header.layer === 3 ? new Layer3(header) : new Layer12(header);
    try {
      yield decoder.decode(bytes, header);
    } catch (cause) {
      if (cause instanceof StreamFault) throw new StreamFault(`${cause.found} (frame ${index})`, cause.fix);
      throw cause;
    }
    index += 1;
  }
}
