/** Globals that only the audio thread has. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

/** Samples per chunk; a message every 128 samples would be 375 per second. */
const chunkSamples = 2048;

/** Posts the microphone's first channel in chunks. */
class RecorderProcessor extends AudioWorkletProcessor {
  #chunk = new Float32Array(chunkSamples);
  #filled = 0;

  process([channels]: readonly (readonly Float32Array[])[]): boolean {
    const block = channels?.[0];
    if (block === undefined) return true;
    for (const sample of block) {
      this.#chunk[this.#filled] = sample;
      this.#filled += 1;
      if (this.#filled < chunkSamples) continue;
      this.port.postMessage(this.#chunk, [this.#chunk.buffer]);
      this.#chunk = new Float32Array(chunkSamples);
      this.#filled = 0;
    }
    return true;
  }
}

registerProcessor('recorder', RecorderProcessor);
