import type { ClassificationHead } from '../classification-head.js';
import type { EmbedOptions } from '../embed-options.js';
import type { Embedder, Provenance, TimestampEmbeddings } from '../embedder.js';
import type { ModelSource } from '../model-source.js';
import type { LoadOptions } from '../load-options.js';
import type { SignalBatch } from '../signals.js';
import type { TimestampGrid, TimestampStreaming } from '../streaming/timestamp-streaming.js';
import { errorOfMessage } from './error-message.js';
import type { EmbedderDescription, HeadDescription, MessageEnd, RemoteReport, RemoteRequest } from './messages.js';

/** A call waiting for its answer. */
interface Call {
  readonly resolve: (report: RemoteReport) => void;
  readonly reject: (reason: unknown) => void;
  readonly onDownload?: (received: number, total: number | undefined) => void;
}

/** The kinds of requests that are answered with rows of values. */
type EmbeddingRequest = Extract<RemoteRequest, { signals: SignalBatch }>['kind'];

/** A request without its number. */
type Unnumbered = RemoteRequest extends infer Request ? (Request extends unknown ? Omit<Request, 'id'> : never) : never;

/**
 * Models in a worker that calls `serveModels`. They are embedders like any other, and computing never blocks the
 * calling thread. An aborted call ends between two inference calls of the worker.
 *
 * @example
 * const models = new RemoteModels(new Worker(new URL('./models.worker.js', import.meta.url), { type: 'module' }));
 * const embedder = await models.loadModel('hear', file, { precision: 'int8' });
 */
export class RemoteModels {
  readonly #end: MessageEnd;
  readonly #calls = new Map<number, Call>();
  #count = 0;
  #closed: { readonly reason: unknown } | undefined;

  constructor(end: MessageEnd) {
    this.#end = end;
    end.addEventListener('message', ({ data }: MessageEvent<RemoteReport>) => {
      this.#hear(data);
    });
  }

  /**
   * Loads a model in the worker. Options must be plain data, except for the callback and the abort signal in `runtime`.
   *
   * @throws what the plugin's own `loadModel` throws, and OptionError for a plugin that the worker doesn't have
   */
  async loadModel(plugin: string, checkpoint?: ModelSource, options: LoadOptions = {}): Promise<Embedder> {
    const { onDownload, abortSignal, ...runtime } = options.runtime ?? {};
    const request = { kind: 'load', plugin, checkpoint, options: { ...options, runtime } } as const;
    const report = await this.#call(request, { onDownload, abortSignal });
    if (report.kind !== 'loaded') throw unexpected(report);
    return this.#embedder(report.embedder, report.description);
  }

  /** Rejects all pending calls: for a worker that failed or is about to be terminated. */
  close(reason: unknown): void {
    this.#closed ??= { reason };
    for (const call of this.#calls.values()) call.reject(reason);
    this.#calls.clear();
  }

  #embedder(number: number, description: EmbedderDescription): Embedder {
    let backend = description.provenance.backend;
    const provenance: Provenance = {
      ...description.provenance,
      get backend() {
        return backend;
      },
    };
    const embed = async (kind: EmbeddingRequest, signals: SignalBatch, options?: EmbedOptions) => {
      const report = await this.#call({ kind, embedder: number, signals }, options ?? {});
      if (report.kind !== 'embedded') throw unexpected(report);
      backend = report.backend;
      return report.embeddings;
    };
    const streaming = (grid: TimestampGrid): TimestampStreaming => ({
      ...grid,
      embed: async (stretch, range, options) => {
        const report = await this.#call({ kind: 'stretch', embedder: number, stretch, range }, options);
        if (report.kind !== 'streamed') throw unexpected(report);
        backend = report.backend;
        return report.embeddings;
      },
    });
    const remoteHead = ({ timestamps, ...head }: HeadDescription): ClassificationHead => ({
      ...head,
      classifyScenes: (signals, options) => embed('scene-logits', signals, options),
      ...(timestamps
        ? {
            classifyTimestamps: (signals, options) =>
              embed('timestamp-logits', signals, options) as Promise<TimestampEmbeddings>,
          }
        : {}),
    });
    const { grid, answers, ...embedder } = description;
    let disposed: Promise<unknown> | undefined;
    return {
      ...embedder,
      ...(grid === undefined ? {} : { timestampStreaming: streaming(grid) }),
      ...(answers === undefined ? {} : { head: remoteHead(answers) }),
      provenance,
      embedScenes: (signals, options) => embed('scenes', signals, options),
      embedTimestamps: (signals, options) => embed('timestamps', signals, options) as Promise<TimestampEmbeddings>,
      dispose: async () => {
        // If the worker is gone, so is the model.
        if (this.#closed === undefined) await (disposed ??= this.#call({ kind: 'dispose', embedder: number }, {}));
      },
    };
  }

  #call(
    request: Unnumbered,
    { abortSignal, onDownload }: EmbedOptions & Pick<Call, 'onDownload'>,
  ): Promise<RemoteReport> {
    const id = (this.#count += 1);
    return new Promise<RemoteReport>((resolve, reject) => {
      if (this.#closed !== undefined) throw this.#closed.reason;
      abortSignal?.throwIfAborted();
      const abort = () => {
        this.#end.postMessage({ kind: 'abort', id } satisfies RemoteRequest);
        this.#calls.delete(id);
        reject(abortSignal!.reason as Error);
      };
      abortSignal?.addEventListener('abort', abort, { once: true });
      const settled = <Value>(settle: (value: Value) => void) => {
        return (value: Value) => {
          abortSignal?.removeEventListener('abort', abort);
          settle(value);
        };
      };
      this.#calls.set(id, { resolve: settled(resolve), reject: settled(reject), onDownload });
      this.#end.postMessage({ ...request, id });
    });
  }

  #hear(report: RemoteReport): void {
    const call = this.#calls.get(report.id);
    // Aborted meanwhile; a model that was loaded anyway is disposed of.
    if (call === undefined) {
      if (report.kind === 'loaded') this.#end.postMessage({ kind: 'dispose', id: 0, embedder: report.embedder });
      return;
    }
    if (report.kind === 'download') {
      call.onDownload?.(report.received, report.total);
      return;
    }
    this.#calls.delete(report.id);
    if (report.kind === 'failed') call.reject(errorOfMessage(report.error));
    else call.resolve(report);
  }
}

function unexpected({ kind }: RemoteReport): Error {
  return new Error(`an unexpected answer: ${kind}`);
}
