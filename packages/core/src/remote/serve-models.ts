import type { EmbedOptions } from '../embed-options.js';
import type { Embedder, SceneEmbeddings, TimestampEmbeddings } from '../embedder.js';
import { OptionError } from '../errors.js';
import { isForeignCheckpoint } from '../foreign-checkpoint.js';
import type { LoadOptions } from '../load-options.js';
import type { Plugin } from '../plugin.js';
import type { SignalBatch } from '../signals.js';
import type { TimestampGrid } from '../streaming/timestamp-streaming.js';
import { errorMessage } from './error-message.js';
import type { EmbedderDescription, HeadDescription, MessageEnd, RemoteReport, RemoteRequest } from './messages.js';

/**
 * Loads and runs models for the {@link RemoteModels} of another thread; called by a worker's script. Calls are computed
 * one after the other, in the order of arrival.
 *
 * @example
 * serveModels(self, [baseline, hear]);
 */
export function serveModels(
  end: MessageEnd,
  plugins: readonly Pick<Plugin, 'name' | 'loadModel' | 'checkpoints'>[],
): void {
  const embedders = new Map<number, Embedder>();
  const running = new Map<number, AbortController>();
  let last: Promise<unknown> = Promise.resolve();

  const report = (message: RemoteReport, transfer: Transferable[] = []) => {
    end.postMessage(message, { transfer });
  };
  const embedderOf = (number: number): Embedder => {
    const embedder = embedders.get(number);
    if (embedder !== undefined) return embedder;
    throw new OptionError({ asked: 'embeddings', found: 'a model that is no longer loaded', fix: 'load it again' });
  };

  const answer = async (request: Exclude<RemoteRequest, { kind: 'abort' }>, abortSignal: AbortSignal) => {
    const { id } = request;
    abortSignal.throwIfAborted();
    if (request.kind === 'load') {
      const plugin = plugins.find(({ name }) => name === request.plugin);
      if (plugin === undefined) {
        throw new OptionError({
          asked: `plugin '${request.plugin}'`,
          found: 'no such plugin in this worker',
          fix: `choose one of ${plugins.map(({ name }) => name).join(', ')}`,
        });
      }
      const onDownload = (received: number, total: number | undefined) => {
        report({ kind: 'download', id, received, total });
      };
      const options = request.options as LoadOptions;
      const runtime = { ...options.runtime, onDownload, abortSignal };
      let embedder: Embedder;
      try {
        embedder = await plugin.loadModel(request.checkpoint, { ...options, runtime });
      } catch (cause) {
        throw isForeignCheckpoint(cause) ? cause.nameReader(plugins) : cause;
      }
      embedders.set(id, embedder);
      report({ kind: 'loaded', id, embedder: id, description: describe(embedder) });
    } else if (request.kind === 'dispose') {
      const embedder = embedders.get(request.embedder);
      embedders.delete(request.embedder);
      await embedder?.dispose();
      report({ kind: 'disposed', id });
    } else if (request.kind === 'stretch') {
      const { timestampStreaming, provenance } = embedderOf(request.embedder);
      // The other end only asks for it if it exists.
      const embeddings = await timestampStreaming!.embed(request.stretch, request.range, { abortSignal });
      report({ kind: 'streamed', id, embeddings, backend: provenance.backend }, [embeddings.buffer as ArrayBuffer]);
    } else {
      const embedder = embedderOf(request.embedder);
      const embeddings = await rowsOf(embedder, request, { abortSignal });
      const { backend } = embedder.provenance;
      const transfer = [embeddings.data.buffer as ArrayBuffer];
      report({ kind: 'embedded', id, embeddings, backend }, transfer);
    }
  };

  end.addEventListener('message', ({ data }: MessageEvent<RemoteRequest>) => {
    // Bundlers may also run this script in the threads of ONNX Runtime, which get other kinds of messages.
    if (typeof data !== 'object' || data === null || typeof data.id !== 'number') return;
    if (data.kind === 'abort') {
      running.get(data.id)?.abort();
      return;
    }
    const controller = new AbortController();
    running.set(data.id, controller);
    last = last
      .then(() => answer(data, controller.signal))
      .catch((error: unknown) => {
        report({ kind: 'failed', id: data.id, error: errorMessage(error) });
      })
      .finally(() => running.delete(data.id));
  });
}

/** The other end only asks for logits if there is a head that gives them. */
function rowsOf(
  embedder: Embedder,
  { kind, signals }: Extract<RemoteRequest, { signals: SignalBatch }>,
  options: EmbedOptions,
): Promise<SceneEmbeddings | TimestampEmbeddings> {
  if (kind === 'scenes') return embedder.embedScenes(signals, options);
  if (kind === 'timestamps') return embedder.embedTimestamps(signals, options);
  return kind === 'scene-logits'
    ? embedder.head!.classifyScenes(signals, options)
    : embedder.head!.classifyTimestamps!(signals, options);
}

/** Without `execution`: a backend may change, and then only its text is posted again. */
function describe(embedder: Embedder): EmbedderDescription {
  const { sampleRate, channels, sceneEmbeddingSize, timestampEmbeddingSize } = embedder;
  const { minimumSceneSamples, minimumTimestampSamples, timestampStreaming, head, noHead } = embedder;
  const { execution: _, ...provenance } = embedder.provenance;
  return {
    sampleRate,
    channels,
    sceneEmbeddingSize,
    timestampEmbeddingSize,
    minimumSceneSamples,
    minimumTimestampSamples,
    provenance: { ...provenance, backend: provenance.backend },
    ...(timestampStreaming === undefined ? {} : { grid: gridOf(timestampStreaming) }),
    ...(head === undefined ? {} : { answers: headDescription({ head }) }),
    ...(noHead === undefined ? {} : { noHead }),
  };
}

/** The head of an embedder or of its description, without its functions. */
export function headDescription({
  answers,
  head,
}: Pick<EmbedderDescription, 'answers'> & Pick<Embedder, 'head'>): HeadDescription | undefined {
  if (head === undefined) return answers;
  const { labels, size, kind, classifyTimestamps } = head;
  return { ...(labels === undefined ? {} : { labels }), size, kind, timestamps: classifyTimestamps !== undefined };
}

/** Only the numbers, because functions can't be posted. */
function gridOf(streaming: TimestampGrid): TimestampGrid {
  const { hop, anyHop, firstCentre, windowTimestamps, lookBack, lookAhead, batchSize } = streaming;
  return { hop, anyHop, firstCentre, windowTimestamps, lookBack, lookAhead, batchSize };
}
