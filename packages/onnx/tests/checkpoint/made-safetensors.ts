import { joined } from './made-zips.js';

/** A safetensors file of this header (an object, or JSON text to be taken as it is) and zeros as its data. */
export function safetensorsFile(header: unknown, dataBytes: number, headerLength?: bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const length = new DataView(new ArrayBuffer(8));
  length.setBigUint64(0, headerLength ?? BigInt(json.length), true);
  return joined([new Uint8Array(length.buffer), json, new Uint8Array(dataBytes)]);
}
