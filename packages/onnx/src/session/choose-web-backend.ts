import { OptionError, type RuntimeOptions } from '@hearken/core';

/** The backend that runs graphs in a browser. */
export interface WebBackend {
  /** ONNX Runtime's execution provider. */
  readonly provider: 'webgpu' | 'wasm';
  /** Number of WebAssembly threads. */
  readonly threads: number;
  /** Why it was chosen, for the user. */
  readonly reason: string;
}

/** What has to be known about the browser. */
export interface WebSurroundings {
  /** Whether there is a WebGPU adapter. */
  hasAdapter(): Promise<boolean>;
  /** Whether the page has shared memory, which threads need. */
  readonly crossOriginIsolated: boolean;
  /** Logical cores, as reported by the browser. */
  readonly cores: number;
}

/** More threads don't help: WebAssembly threads share their memory's bandwidth. */
const mostThreads = 8;

/**
 * Chooses WebGPU if the browser has an adapter, else WebAssembly, with threads if the page is cross-origin isolated.
 *
 * @throws OptionError for a provider that this browser doesn't have
 */
export async function chooseWebBackend(
  { executionProvider, threads }: RuntimeOptions = {},
  surroundings: WebSurroundings = browser,
): Promise<WebBackend> {
  const wasm = (why: string) => webAssembly(why, threads, surroundings);
  if (executionProvider === 'wasm' || executionProvider === 'cpu') return wasm('asked for');
  if (executionProvider !== undefined && executionProvider !== 'webgpu') {
    throw new OptionError({
      asked: `execution provider '${executionProvider}'`,
      found: 'a browser, which has webgpu and wasm',
      fix: 'choose one of those',
    });
  }
  if (await surroundings.hasAdapter()) {
    const reason = executionProvider === 'webgpu' ? 'asked for' : 'this browser offers an adapter';
    return { provider: 'webgpu', threads: 1, reason };
  }
  if (executionProvider === 'webgpu') {
    throw new OptionError({
      asked: "execution provider 'webgpu'",
      found: 'no WebGPU adapter in this browser',
      fix: 'use wasm, or a browser and a machine with WebGPU',
    });
  }
  return wasm('no WebGPU adapter in this browser');
}

/**
 * WebAssembly, with threads if the page is cross-origin isolated.
 *
 * @param why why WebAssembly is used: the first part of the reason
 * @param threads the requested number; default: one per core
 */
export function webAssembly(why: string, threads?: number, surroundings: WebSurroundings = browser): WebBackend {
  const { crossOriginIsolated, cores } = surroundings;
  if (!crossOriginIsolated) {
    return { provider: 'wasm', threads: 1, reason: `${why}; one thread: the page is not cross-origin isolated` };
  }
  const count = Math.max(1, Math.min(threads ?? cores, mostThreads));
  return { provider: 'wasm', threads: count, reason: `${why}; the page is cross-origin isolated` };
}

/** The part of WebGPU's API used here. */
interface GpuNavigator {
  readonly gpu?: { requestAdapter(): Promise<object | null> };
}

const browser: WebSurroundings = {
  async hasAdapter() {
    const { gpu } = navigator as GpuNavigator;
    return gpu !== undefined && (await gpu.requestAdapter().catch(() => null)) !== null;
  },
  get crossOriginIsolated() {
    return globalThis.crossOriginIsolated === true;
  },
  get cores() {
    return navigator.hardwareConcurrency || 1;
  },
};
