import { StreamFault } from '../stream-fault.js';
import type { PcmLayout } from '../containers/packet-track.js';

/** Samples that are given at a time, so that a long file does not stand in memory twice. */
const partFrames = 2 ** 16;

/** The samples of a packet of PCM, full scale 1. */
export function* pcmParts(packet: Uint8Array, channels: number, layout: PcmLayout): Generator<Float32Array[]> {
  const width = layout.bits / 8;
  const frames = packet.length / (width * channels);
  if (!Number.isInteger(frames)) throw new StreamFault('PCM that ends inside a sample');
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const read = readerOf(view, layout);
  for (let first = 0; first < frames; first += partFrames) {
    const count = Math.min(partFrames, frames - first);
    yield Array.from({ length: channels }, (_, channel) =>
      Float32Array.from({ length: count }, (_unused, index) => read(((first + index) * channels + channel) * width)),
    );
  }
}

function readerOf(view: DataView, { bits, coding, littleEndian }: PcmLayout): (at: number) => number {
  switch (coding) {
    case 'float':
      return bits === 32 ? (at) => view.getFloat32(at, littleEndian) : (at) => view.getFloat64(at, littleEndian);
    case 'unsigned':
      return (at) => (view.getUint8(at) - 128) / 128;
    case 'mu-law':
      return (at) => muLaw(view.getUint8(at)) / 32768;
    case 'a-law':
      return (at) => aLaw(view.getUint8(at)) / 32768;
    case 'signed':
      if (bits === 8) return (at) => view.getInt8(at) / 128;
      if (bits === 16) return (at) => view.getInt16(at, littleEndian) / 32768;
      if (bits === 32) return (at) => view.getInt32(at, littleEndian) / 2 ** 31;
      return littleEndian
        ? (at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65536) / 2 ** 23
        : (at) => (view.getInt8(at) * 65536 + view.getUint16(at + 1)) / 2 ** 23;
  }
}

/** G.711, to 16 bits. */
function muLaw(byte: number): number {
  const code = ~byte & 255;
  const magnitude = (((code & 15) << 3) + 132) << ((code >> 4) & 7);
  return code & 128 ? 132 - magnitude : magnitude - 132;
}

function aLaw(byte: number): number {
  const code = byte ^ 0x55;
  const exponent = (code >> 4) & 7;
  const mantissa = ((code & 15) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 256) << (exponent - 1);
  return code & 128 ? magnitude : -magnitude;
}
