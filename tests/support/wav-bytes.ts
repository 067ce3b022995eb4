/** A WAV file put together by hand, so that every field can be wrong. */
export interface WavParts {
  readonly code?: number;
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly bits?: number;
  readonly blockAlign?: number;
  readonly data: Uint8Array;
  /** The size stated in the data chunk; default: the actual one. */
  readonly dataSize?: number;
  readonly riffSize?: number;
  readonly extensible?: boolean;
  /** A chunk of odd size before `data`. */
  readonly oddChunk?: boolean;
}

export function wavBytes(parts: WavParts): Uint8Array {
  const { code = 1, channels = 1, sampleRate = 8000, bits = 16, data } = parts;
  const blockAlign = parts.blockAlign ?? (channels * bits) / 8;
  const format = new Uint8Array(parts.extensible === true ? 40 : 16);
  const view = new DataView(format.buffer);
  view.setUint16(0, parts.extensible === true ? 0xfffe : code, true);
  view.setUint16(2, channels, true);
  view.setUint32(4, sampleRate, true);
  view.setUint32(8, sampleRate * blockAlign, true);
  view.setUint16(12, blockAlign, true);
  view.setUint16(14, bits, true);
  if (parts.extensible === true) {
    view.setUint16(16, 22, true);
    view.setUint16(18, bits, true);
    view.setUint16(24, code, true);
  }
  const chunks = [
    ...chunk('fmt ', format),
    ...(parts.oddChunk === true ? chunk('LIST', Uint8Array.of(1, 2, 3)) : []),
    ...chunk('data', data, parts.dataSize),
  ];
  return Uint8Array.from([...text('RIFF'), ...uint32(parts.riffSize ?? chunks.length + 4), ...text('WAVE'), ...chunks]);
}

function chunk(name: string, content: Uint8Array, size = content.length): number[] {
  return [...text(name), ...uint32(size), ...content, ...(content.length % 2 === 1 ? [0] : [])];
}

function text(letters: string): number[] {
  return [...letters].map((letter) => letter.charCodeAt(0));
}

function uint32(value: number): number[] {
  return [...new Uint8Array(Uint32Array.of(value).buffer)];
}
