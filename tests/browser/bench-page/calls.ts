import {
  decodeAudioFile,
  type MiniResult,
  nearestNeighbours,
  projectOntoPlane,
  readEcgFiles,
  resampleSignal,
  runMiniBenchmark,
  trainClassifier,
} from '@hearken/bench/web';
import { readNpy, writeNpy } from '@hearken/signals';
import { type Embedder, isHearkenError } from '@hearken/core';
import { errorMessage } from '@hearken/core/remote';

/** A file by name and bytes, as JSON can carry it. */
export interface GivenFile {
  readonly name: string;
  readonly bytes: readonly number[];
}

export interface ClassifierAnswers {
  readonly accuracy: number;
  readonly predictions: readonly string[];
  readonly probabilities: readonly number[];
  readonly onnxBytes: number;
  readonly progress: number;
}

export interface MiniRequest {
  readonly model: string;
  readonly tasks: readonly string[];
  readonly probe: string;
  readonly seed: number;
  readonly gridPoints?: number;
}

/** What tests call in the page, on its own thread or in a worker: data in and out is JSON. */
export interface BenchCalls {
  decode(file: GivenFile, maximumSeconds?: number): Promise<{ samples: number[]; sampleRate: number }>;
  resample(samples: readonly number[], from: number, to: number): Promise<number[]>;
  ecg(
    files: readonly GivenFile[],
    sampleRate?: number,
  ): Promise<{ name: string; leads: string[]; sampleRate: number; signal: number[] }[]>;
  classify(
    embeddings: readonly number[],
    size: number,
    labels: readonly string[],
    probe: 'linear' | 'mlp',
  ): Promise<ClassifierAnswers>;
  mini(request: MiniRequest): Promise<MiniResult[]>;
  pictures(
    embeddings: readonly number[],
    size: number,
  ): Promise<{ points: number[]; neighbours: number[]; again: number[] }>;
  failure(file: GivenFile): Promise<{ name: string; message: string }>;
  /**
   * In a separate worker: `decoding` in this page's decoding worker, `deaf` in one that never answers and is aborted.
   */
  decodeApart(file: GivenFile, worker: 'decoding' | 'deaf'): Promise<{ samples: number[]; workers: number } | string>;
  read(request: ReadRequest): Promise<ReadAnswer>;
}

/** Files by their URLs, the one that is asked for first. */
export interface ReadRequest {
  readonly kind: 'audio' | 'ecg';
  readonly urls: readonly string[];
  /** Default: all, as the file has them. */
  readonly leads?: readonly string[];
  readonly sampleRate?: number;
}

/** What the readers for pages returned; values are float32 in base64. */
export type ReadAnswer =
  | {
      readonly rate: number;
      readonly leads?: readonly string[];
      readonly values: string;
      readonly warnings: readonly string[];
    }
  | { readonly error: string; readonly typed: boolean };

let started = 0;
const startDecoding = () => {
  started += 1;
  return new Worker(new URL('./decode.worker.ts', import.meta.url), { type: 'module' });
};

async function fetchFile(url: string): Promise<File> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return new File([await response.blob()], decodeURIComponent(url.slice(url.lastIndexOf('/') + 1)));
}

function base64(values: Float32Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

const fileOf = ({ name, bytes }: GivenFile) => new File([Uint8Array.from(bytes)], name);

/** @param loadModel loads a model of the baseline plugin */
export function benchCalls(loadModel: (model: string) => Promise<Embedder>): BenchCalls {
  return {
    async decode(file, maximumSeconds) {
      const { samples, sampleRate } = await decodeAudioFile(fileOf(file), { maximumSeconds });
      return { samples: [...samples], sampleRate };
    },
    async resample(samples, from, to) {
      return [...(await resampleSignal(Float32Array.from(samples), from, to))];
    },
    async ecg(files, sampleRate) {
      const records = await readEcgFiles(files.map(fileOf), { sampleRate });
      return records.map((record) => ({ ...record, signal: [...record.signal] }));
    },
    async classify(embeddings, size, labels, probe) {
      const values = Float32Array.from(embeddings);
      let progress = 0;
      const onProgress = ({ done, total }: { done: number; total: number }) => {
        progress = done / total;
      };
      const classifier = await trainClassifier({ embeddings: values, size, labels, probe, onProgress });
      const probabilities = await classifier.classify(values.subarray(0, size));
      const { accuracy, predictions } = classifier;
      const onnxBytes = classifier.toOnnx().length;
      await classifier.dispose();
      return { accuracy, predictions, probabilities: [...probabilities], onnxBytes, progress };
    },
    async mini({ model, ...options }) {
      const embedder = await loadModel(model);
      try {
        return await runMiniBenchmark({ embedder, ...options });
      } finally {
        await embedder.dispose();
      }
    },
    pictures(embeddings, size) {
      const values = Float32Array.from(embeddings);
      return Promise.resolve({
        points: [...projectOntoPlane(values, size)],
        neighbours: nearestNeighbours(values, size, 0, 3).map(({ index }) => index),
        again: [...readNpy(writeNpy(values, [values.length / size, size])).data],
      });
    },
    async failure(file) {
      try {
        await decodeAudioFile(fileOf(file));
      } catch (error) {
        const { name, message } = errorMessage(error);
        return { name, message };
      }
      throw new Error('it did not fail');
    },
    async decodeApart(file, worker) {
      const abort = new AbortController();
      const startDeaf = () => {
        setTimeout(() => abort.abort(new Error('given up')));
        return new Worker(URL.createObjectURL(new Blob(['for (;;);'])));
      };
      const decodeWorker = worker === 'deaf' ? startDeaf : startDecoding;
      try {
        const { samples } = await decodeAudioFile(fileOf(file), { decodeWorker, abortSignal: abort.signal });
        return { samples: [...samples], workers: started };
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
    async read({ kind, urls, ...options }) {
      const files = await Promise.all(urls.map(fetchFile));
      try {
        if (kind === 'audio') {
          const { samples, sampleRate } = await decodeAudioFile(files[0]);
          return { rate: sampleRate, values: base64(samples), warnings: [] };
        }
        const records = await readEcgFiles(files, { leads: 'all', ...options, gaps: 'keep' });
        // Segments of a record are headers, too.
        const { sampleRate, signal, ...record } = records.find(({ name }) => name === files[0].name) ?? records[0];
        return { ...record, rate: sampleRate, values: base64(signal) };
      } catch (error) {
        return { error: error instanceof Error ? error.message : String(error), typed: isHearkenError(error) };
      }
    },
  };
}
