/** Chunks per Blob, so that a long recording consists of few pieces. */
const chunksOfPiece = 256;

/** Collects a recording as 16-bit WAV, with little work per chunk and at the end. */
export class WavRecording {
  readonly #pieces: Blob[] = [];
  #chunks: Int16Array<ArrayBuffer>[] = [];
  #samples = 0;

  constructor(private readonly sampleRate: number) {}

  get seconds(): number {
    return this.#samples / this.sampleRate;
  }

  add(samples: Float32Array): void {
    this.#chunks.push(Int16Array.from(samples, (sample) => Math.round(32_767 * Math.max(-1, Math.min(1, sample)))));
    this.#samples += samples.length;
    if (this.#chunks.length === chunksOfPiece) this.#gather();
  }

  file(name: string): File {
    this.#gather();
    return new File([wavHeader(this.#samples, this.sampleRate), ...this.#pieces], name, { type: 'audio/wav' });
  }

  #gather(): void {
    this.#pieces.push(new Blob(this.#chunks));
    this.#chunks = [];
  }
}

/** The 44-byte header of 16-bit mono PCM. */
function wavHeader(samples: number, sampleRate: number): ArrayBuffer {
  const header = new DataView(new ArrayBuffer(44));
  const text = (offset: number, value: string) => {
    for (let index = 0; index < value.length; index += 1) header.setUint8(offset + index, value.charCodeAt(index));
  };
  text(0, 'RIFF');
  header.setUint32(4, 36 + 2 * samples, true);
  text(8, 'WAVEfmt ');
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true);
  header.setUint16(22, 1, true);
  header.setUint32(24, sampleRate, true);
  header.setUint32(28, 2 * sampleRate, true);
  header.setUint16(32, 2, true);
  header.setUint16(34, 16, true);
  text(36, 'data');
  header.setUint32(40, 2 * samples, true);
  return header.buffer;
}
