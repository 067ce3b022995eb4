import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWebSession } from '../../src/session/web-session.js';

/** A runtime that adds 1, and fails as a test wants. */
const runtime = vi.hoisted(() => ({
  failures: [] as string[],
  told: '',
  created: [] as string[],
  released: 0,
  runOptions: {},
}));

vi.mock('onnxruntime-web/webgpu', () => fakeRuntime('webgpu'));
vi.mock('onnxruntime-web/wasm', () => fakeRuntime('wasm'));

function fakeRuntime(name: string) {
  class Tensor {
    constructor(
      readonly type: string,
      readonly data: Float32Array,
      readonly dims: readonly number[],
    ) {}
    dispose(): void {
      return;
    }
  }
  const fails = (when: string) => {
    const index = runtime.failures.indexOf(`${name} ${when}`);
    if (index < 0) return;
    runtime.failures.splice(index, 1);
    throw new Error(`${name} is lost at ${when}${runtime.told}\n    at somewhere`);
  };
  const create = () => {
    runtime.created.push(name);
    fails('create');
    return Promise.resolve({
      outputNames: ['y', 'z'],
      run({ x }: { x: Tensor }, names: readonly string[], options: object) {
        runtime.runOptions = options;
        fails('run');
        const plusOne = () =>
          new Tensor(
            'float32',
            x.data.map((value) => value + 1),
            x.dims,
          );
        return Promise.resolve(Object.fromEntries(names.map((output) => [output, plusOne()])));
      },
      release() {
        runtime.released += 1;
        return Promise.resolve();
      },
    });
  };
  return { env: { wasm: {}, versions: { web: '9.9.9' } }, Tensor, InferenceSession: { create } };
}

beforeEach(() => {
  Object.assign(runtime, { failures: [], told: '', created: [], released: 0 });
  vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.resolve({}) }, hardwareConcurrency: 2 });
  vi.stubGlobal('crossOriginIsolated', true);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const model = new Uint8Array(0);
const inputs = { x: { data: Float32Array.of(1, 2), shape: [2] } };

describe('a session in a browser', () => {
  it('runs, and writes into tensors that it is given', async () => {
    const session = await createWebSession(model);
    expect(session.backend).toBe('onnxruntime-web 9.9.9 webgpu (this browser offers an adapter)');
    expect(session.execution).toEqual({ runtime: 'onnxruntime-web 9.9.9 webgpu' });
    expect(Object.keys(await session.run(inputs))).toEqual(['y', 'z']);
    const y = { data: new Float32Array(2), shape: [2] };
    expect((await session.run(inputs, { y })).y.data).toBe(y.data);
    expect([...y.data]).toEqual([2, 3]);
    // A call that is tried out and fails writes nothing to the console.
    expect(runtime.runOptions).toEqual({ logSeverityLevel: 4 });
    await session.dispose();
    await session.dispose();
    expect(runtime.released).toBe(1);
  });

  it('goes on with WebAssembly when the WebGPU device is lost, and says so', async () => {
    const session = await createWebSession(model);
    runtime.failures.push('webgpu run');
    const { y } = await session.run(inputs, ['y']);
    expect([...y.data]).toEqual([2, 3]);
    expect(session.backend).toMatch(
      /wasm, 2 threads \(the WebGPU device failed \(webgpu is lost at run\); the page is/,
    );
    expect(runtime).toMatchObject({ created: ['webgpu', 'wasm'], released: 1 });
  });

  it('begins with WebAssembly when WebGPU does not take the graph', async () => {
    runtime.failures.push('webgpu create');
    const session = await createWebSession(model);
    expect(session.backend).toMatch(/wasm.*WebGPU failed/);
  });

  it("tells a failure of WebGPU in the runtime's words, whatever is in them", async () => {
    runtime.failures.push('webgpu create');
    runtime.told = ", which was asked for: $& and $'";
    const { backend } = await createWebSession(model);
    expect(backend).toContain("webgpu is lost at create, which was asked for: $& and $';");
    expect(backend).toMatch(/wasm, 2 threads \(WebGPU failed \(.*\); the page is cross-origin isolated\)$/);
  });

  it('replaces nothing that was asked for by name, and nothing on WebAssembly', async () => {
    runtime.failures.push('webgpu create', 'wasm run');
    await expect(createWebSession(model, { executionProvider: 'webgpu' })).rejects.toThrow(/a session on webgpu/);
    const session = await createWebSession(model, { executionProvider: 'wasm' });
    await expect(session.run(inputs)).rejects.toThrow(/wasm is lost/);
  });

  it('is not made once its signal is aborted', async () => {
    const abortSignal = AbortSignal.abort(new Error('enough'));
    await expect(createWebSession(model, { abortSignal })).rejects.toThrow('enough');
  });
});
