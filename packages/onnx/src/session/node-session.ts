import { availableParallelism } from 'node:os';
import { HearkenError, OptionError } from '@hearken/core';
import type * as Ort from 'onnxruntime-node';
import { loadRuntime } from './load-runtime.js';
import { isNames, type Session, type SessionOptions, type Tensor } from './session.js';

/**
 * Loads a serialised graph into onnxruntime-node.
 *
 * @throws OptionError if the execution provider is not available, HearkenError if onnxruntime-node is not installed or
 *   does not load
 */
export async function createNodeSession(model: Uint8Array, options: SessionOptions = {}): Promise<Session> {
  options.abortSignal?.throwIfAborted();
  const provider = options.executionProvider ?? 'cpu';
  const threads = checkThreads(options.threads ?? availableParallelism());
  // Imported here rather than with the module, so that a plugin whose runtime is missing can say so.
  const runtime = await loadRuntime('onnxruntime-node', () => import('onnxruntime-node'));
  const known = runtime.listSupportedBackends().map((backend) => backend.name);
  if (!known.includes(provider)) {
    throw new OptionError({
      asked: `execution provider '${provider}'`,
      found: `this build of onnxruntime-node has ${known.join(', ')}`,
      fix: 'choose one of those',
    });
  }
  // Errors come back as exceptions; the runtime would also print them.
  runtime.env.logLevel = 'fatal';
  let session: Ort.InferenceSession;
  try {
    session = await runtime.InferenceSession.create(model, {
      executionProviders: [provider],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: options.graphOptimization ?? 'all',
      enableMemPattern: options.memoryPlan ?? true,
      logSeverityLevel: 4,
      extra: { session: sessionEntries(options) },
    });
  } catch (cause) {
    // A file that no longer contains weights fails with the runtime's message; naming the file that changed is more
    // helpful.
    await options.external?.guard?.loaded();
    throw sessionError(provider, cause);
  }
  try {
    await options.external?.guard?.loaded();
  } catch (cause) {
    await session.release();
    throw cause;
  }
  const name = `onnxruntime-node ${runtime.env.versions.node ?? runtime.env.versions.common} ${provider}`;
  let released = false;
  return {
    backend: `${name}, ${threads} thread${threads === 1 ? '' : 's'}`,
    execution: { runtime: name, threads },
    async run(inputs, outputs) {
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([name, tensor]) => [name, toRuntime(runtime, tensor)]),
      );
      const fetches = outputs === undefined ? session.outputNames : toFetches(runtime, outputs);
      const results = await session.run(feeds, fetches);
      await options.external?.guard?.inUse();
      return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, fromRuntime(tensor)]));
    },
    async dispose() {
      if (released) return;
      released = true;
      await session.release();
    },
  };
}

function toFetches(
  runtime: typeof Ort,
  outputs: readonly string[] | Readonly<Record<string, Tensor | null>>,
): readonly string[] | Record<string, Ort.Tensor | null> {
  if (isNames(outputs)) return outputs;
  return Object.fromEntries(
    Object.entries(outputs).map(([name, tensor]) => [name, tensor === null ? null : toRuntime(runtime, tensor)]),
  );
}

function toRuntime(runtime: typeof Ort, tensor: Tensor): Ort.Tensor {
  if (tensor.data instanceof Float32Array) return new runtime.Tensor('float32', tensor.data, tensor.shape);
  if (tensor.data instanceof BigInt64Array) return new runtime.Tensor('int64', tensor.data, tensor.shape);
  return new runtime.Tensor('uint8', tensor.data, tensor.shape);
}

function fromRuntime(tensor: Ort.Tensor): Tensor {
  return { data: tensor.data as Tensor['data'], shape: tensor.dims };
}

function checkThreads(threads: number): number {
  if (!Number.isInteger(threads) || threads < 1 || threads > 1024) {
    throw new OptionError({ asked: `${threads} threads`, found: 'not a number of threads', fix: 'pass 1 or more' });
  }
  return threads;
}

function sessionEntries({ external, spin = true }: SessionOptions): Record<string, unknown> {
  return {
    // Denormal numbers are a hundred times slower than others, and don't matter here.
    set_denormal_as_zero: '1',
    intra_op: { allow_spinning: spin ? '1' : '0' },
    ...(external?.folder === undefined ? {} : { model_external_initializers_file_folder_path: external.folder }),
  };
}

function sessionError(provider: string, cause: unknown): HearkenError {
  if (provider === 'cpu') {
    return new HearkenError({
      asked: 'a session on the cpu',
      found: firstLine(cause),
      fix: 'the graph or its weights are broken: fix the graph if it is yours, otherwise download the checkpoint again',
      cause,
    });
  }
  return new OptionError({
    asked: `execution provider '${provider}'`,
    found: firstLine(cause),
    fix: provider === 'cuda' ? 'install its libraries as described in the README, or use cpu' : 'use cpu',
    cause,
  });
}

/** The runtime's message, without the position in its source. */
function firstLine(cause: unknown): string {
  const line = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0];
  return line.replace(/^\/\S+:\d+ .* was false\. /, '');
}
