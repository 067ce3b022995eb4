/** Chunks from a port, kept until they are read; the oldest are dropped if nobody reads them. */
export class PortChunks {
  readonly #chunks: Float32Array[] = [];
  #samples = 0;
  #isOver = false;
  #wake: () => void = () => undefined;

  /** @param mostSamples to keep */
  constructor(port: MessagePort, mostSamples: number) {
    port.onmessage = ({ data }: MessageEvent<Float32Array | null>) => {
      if (data === null) {
        this.#isOver = true;
        port.close();
      } else {
        this.#chunks.push(data);
        this.#samples += data.length;
        while (this.#samples > mostSamples) this.#samples -= this.#chunks.shift()!.length;
      }
      this.#wake();
    };
  }

  async *read(): AsyncGenerator<Float32Array, void, undefined> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        this.#samples -= chunk.length;
        yield chunk;
      } else if (this.#isOver) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
