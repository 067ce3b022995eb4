import { sideInfoBytes, type MpegHeader } from './mpeg-header.js';

/** The frame before an MP3's audio that describes the rest: from Xing and LAME, or Fraunhofer. */
export interface MpegInfo {
  /** Number of audio frames, without this one; undefined if unknown. */
  readonly frames?: number;
  /** Number of bytes from this frame to the end of the audio; undefined if unknown. */
  readonly bytes?: number;
  /** Samples that the encoder added at the start. */
  readonly delay?: number;
  /** Samples that it added at the end. */
  readonly padding?: number;
}

/** Reads the information in a frame; undefined if it is an audio frame. */
export function parseMpegInfo(frame: Uint8Array, header: MpegHeader): MpegInfo | undefined {
  if (header.layer !== 3) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const text = (at: number) => String.fromCharCode(...frame.subarray(at, at + 4));
  const side = 4 + sideInfoBytes(header);
  // Whether the checksum shifts it depends on the writer.
  for (const at of header.checksum ? [side, side + 2] : [side]) {
    if (text(at) === 'Xing' || text(at) === 'Info') return parseXing(view, at + 4);
  }
  if (text(36) === 'VBRI' && frame.length >= 54) return { bytes: view.getUint32(46), frames: view.getUint32(50) };
  return undefined;
}

function parseXing(view: DataView, start: number): MpegInfo {
  let at = start;
  const next = () => {
    at += 4;
    return at <= view.byteLength ? view.getUint32(at - 4) : 0;
  };
  const flags = next();
  const frames = flags & 1 ? next() : 0;
  const bytes = flags & 2 ? next() : 0;
  if (flags & 4) at += 100;
  if (flags & 8) at += 4;
  const counts = { ...(frames > 0 ? { frames } : {}), ...(bytes > 0 ? { bytes } : {}) };
  // LAME's part begins with the encoder's name; its delays are 21 bytes later, twelve bits each.
  if (at + 24 > view.byteLength || view.getUint8(at) < 0x20 || view.getUint8(at) > 0x7e) return counts;
  const delays = (view.getUint8(at + 21) << 16) | view.getUint16(at + 22);
  return delays === 0 ? counts : { ...counts, delay: delays >> 12, padding: delays & 4095 };
}
