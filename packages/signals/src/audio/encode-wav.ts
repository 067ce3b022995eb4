/**
 * A mono 16-bit PCM WAV file. Samples are scaled by 32768, rounded and clipped, so that decoding restores them to
 * within half a step.
 *
 * @param signal samples in [-1, 1]
 * @param sampleRate in Hz
 */
export function encodeWav(signal: Float32Array, sampleRate: number): Uint8Array {
  const bytes = new Uint8Array(44 + signal.length * 2);
  const view = new DataView(bytes.buffer);
  const tag = (offset: number, text: string) => {
    for (let index = 0; index < text.length; index += 1) bytes[offset + index] = text.charCodeAt(index);
  };
  tag(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  tag(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  tag(36, 'data');
  view.setUint32(40, signal.length * 2, true);
  for (let index = 0; index < signal.length; index += 1) {
    const step = Math.round(signal[index] * 32768);
    view.setInt16(44 + index * 2, Math.max(-32768, Math.min(32767, step)), true);
  }
  return bytes;
}
