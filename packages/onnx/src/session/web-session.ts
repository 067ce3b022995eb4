import { type Execution, HearkenError } from '@hearken/core';
import type * as Ort from 'onnxruntime-web';
import { chooseWebBackend, webAssembly, type WebBackend } from './choose-web-backend.js';
import { loadRuntime } from './load-runtime.js';
import { isNames, type Session, type SessionOptions, type Tensor } from './session.js';
import { nextTask } from './next-task.js';
import { rewriteForWebGpu } from './rewrite-for-webgpu.js';

/** Where the runtime's files are served from, if a bundler doesn't determine it. */
export interface WebRuntimeFiles {
  /** URL of the folder, or of each file. */
  readonly wasmPaths?: Ort.Env.WebAssemblyFlags['wasmPaths'];
}

let runtimeFiles: WebRuntimeFiles = {};

/** Sets where onnxruntime-web's files are; call it before creating the first session. */
export function setWebRuntimeFiles(files: WebRuntimeFiles): void {
  runtimeFiles = files;
}

interface StartedRuntime {
  readonly ort: typeof Ort;
  /** The number of threads that it was started with. */
  readonly threads: number;
}

const runtimes = new Map<WebBackend['provider'], Promise<StartedRuntime>>();

/**
 * Fetches only the variant in use: 14 MB for WebAssembly, 27 MB for WebGPU.
 *
 * @param threads for the first session of a thread: WebAssembly starts once and keeps this number
 */
function startRuntime(provider: WebBackend['provider'], threads: number): Promise<StartedRuntime> {
  const load = async () => {
    const ort = await loadRuntime<typeof Ort>('onnxruntime-web', () =>
      provider === 'webgpu' ? import('onnxruntime-web/webgpu') : import('onnxruntime-web/wasm'),
    );
    ort.env.wasm.numThreads = threads;
    ort.env.wasm.proxy = false;
    if (runtimeFiles.wasmPaths !== undefined) ort.env.wasm.wasmPaths = runtimeFiles.wasmPaths;
    ort.env.logLevel = 'fatal';
    return { ort, threads };
  };
  const loading = runtimes.get(provider) ?? load();
  runtimes.set(provider, loading);
  // A failed fetch may succeed later.
  loading.catch(() => runtimes.delete(provider));
  return loading;
}

/**
 * Loads a serialised graph into onnxruntime-web on the calling thread: use a worker to keep a page responsive. If a
 * WebGPU device is lost or can't run the graph, WebAssembly replaces it, and `backend` says so.
 *
 * @throws OptionError if the execution provider is not available, HearkenError if onnxruntime-web is not installed
 */
export async function createWebSession(model: Uint8Array, options: SessionOptions = {}): Promise<Session> {
  options.abortSignal?.throwIfAborted();
  const chosen = await chooseWebBackend(options);
  let loaded: Loaded;
  try {
    loaded = await load(model, options, chosen);
  } catch (cause) {
    if (chosen.provider !== 'webgpu' || options.executionProvider === 'webgpu') throw cause;
    const backend = webAssembly(`WebGPU failed (${messageOf(cause)})`, options.threads);
    loaded = await load(model, options, backend);
  }
  return new WebSession(model, options, loaded);
}

/** A session and its backend. */
interface Loaded {
  readonly ort: typeof Ort;
  readonly session: Ort.InferenceSession;
  readonly backend: WebBackend;
}

async function load(model: Uint8Array, options: SessionOptions, backend: WebBackend): Promise<Loaded> {
  const { provider } = backend;
  const { ort, threads } = await startRuntime(provider, backend.threads);
  const externalData = [...(options.external?.files ?? [])].map(([path, data]) => ({ path, data }));
  try {
    const graph = provider === 'webgpu' ? rewriteForWebGpu(model) : model;
    const session = await ort.InferenceSession.create(graph, {
      executionProviders: [provider],
      graphOptimizationLevel: options.graphOptimization ?? 'all',
      enableMemPattern: options.memoryPlan ?? true,
      logSeverityLevel: 4,
      externalData,
      extra: { session: { set_denormal_as_zero: '1' } },
    });
    return { ort, session, backend: { ...backend, threads } };
  } catch (cause) {
    throw new HearkenError({
      asked: `a session on ${provider}`,
      found: messageOf(cause),
      fix: /memory|allocat|RangeError/i.test(messageOf(cause))
        ? 'close other tabs, choose a smaller model, or precision int8'
        : 'the graph or its weights are broken: fix the graph if it is yours, otherwise download the checkpoint again',
      cause,
    });
  }
}

class WebSession implements Session {
  #released = false;
  #loaded: Loaded;

  constructor(
    readonly model: Uint8Array,
    readonly options: SessionOptions,
    loaded: Loaded,
  ) {
    this.#loaded = loaded;
  }

  get backend(): string {
    const { provider, threads, reason } = this.#loaded.backend;
    const count = provider === 'wasm' ? `, ${threads} thread${threads === 1 ? '' : 's'}` : '';
    return `${this.execution.runtime}${count} (${reason})`;
  }

  get execution(): Execution {
    const { ort, backend } = this.#loaded;
    const { provider, threads } = backend;
    const runtime = `onnxruntime-web ${ort.env.versions.web ?? ort.env.versions.common} ${provider}`;
    return provider === 'wasm' ? { runtime, threads } : { runtime };
  }

  async run(
    inputs: Readonly<Record<string, Tensor>>,
    outputs?: readonly string[] | Readonly<Record<string, Tensor | null>>,
  ): Promise<Record<string, Tensor>> {
    try {
      return await this.#run(inputs, outputs);
    } catch (cause) {
      if (this.#loaded.backend.provider !== 'webgpu' || this.#released) throw cause;
      const why = `the WebGPU device failed (${messageOf(cause)})`;
      const backend = webAssembly(why, this.options.threads);
      const lost = this.#loaded.session;
      this.#loaded = await load(this.model, this.options, backend);
      await lost.release().catch(() => undefined);
      return this.#run(inputs, outputs);
    }
  }

  async dispose(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    await this.#loaded.session.release();
  }

  async #run(
    inputs: Readonly<Record<string, Tensor>>,
    outputs?: readonly string[] | Readonly<Record<string, Tensor | null>>,
  ): Promise<Record<string, Tensor>> {
    const { ort, session } = this.#loaded;
    const feeds = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, toRuntime(ort, tensor)]));
    const into = outputs === undefined || isNames(outputs) ? undefined : outputs;
    const names = outputs === undefined ? session.outputNames : isNames(outputs) ? outputs : Object.keys(outputs);
    // Each call has its own log level, by default warnings; failures are in the error and need not appear in the
    // console too.
    const results = await session.run(feeds, names, { logSeverityLevel: 4 });
    const found: Record<string, Tensor> = {};
    for (const [name, tensor] of Object.entries(results)) {
      found[name] = { data: tensor.data as Tensor['data'], shape: tensor.dims };
      const target = into?.[name];
      if (target) found[name] = copied(found[name], target);
    }
    for (const tensor of Object.values(results)) tensor.dispose();
    // The runtime computes synchronously: messages to this thread, such as cancellation, can only arrive here.
    await nextTask();
    return found;
  }
}

function copied(from: Tensor, to: Tensor): Tensor {
  (to.data as Float32Array).set(from.data as Float32Array);
  return { data: to.data, shape: from.shape };
}

function toRuntime(ort: typeof Ort, tensor: Tensor): Ort.Tensor {
  const { data, shape } = tensor;
  if (data instanceof Float32Array) return new ort.Tensor('float32', data, shape);
  if (data instanceof BigInt64Array) return new ort.Tensor('int64', data, shape);
  return new ort.Tensor('uint8', data, shape);
}

function messageOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0];
}
