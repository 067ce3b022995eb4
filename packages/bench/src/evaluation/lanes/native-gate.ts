import type { Session } from '@hearken/onnx';
import type { SessionFactory } from '../../probes/probe.js';

const closed = 0;
const inside = 1;

/**
 * Keeps a worker from being ended within native code: where its thread is ended during a call, be it by `terminate` or
 * by `process.exit`, onnxruntime-node takes the whole process down ("terminate called after throwing an instance of
 * 'Napi::Error'"). So the worker says when it is inside, and the owner closes the gate and waits until it is outside.
 *
 * Each side writes its own word before it reads the other's. Atomics are sequentially consistent, so one of them at
 * least sees the other.
 */
export class NativeGate {
  /** @param words in shared memory: whether the gate is closed, and how many calls are inside */
  constructor(readonly words: Int32Array) {}

  /** A gate with one call inside: the start of the worker, which loads the runtime. */
  static create(): NativeGate {
    return new NativeGate(new Int32Array(new SharedArrayBuffer(8)).fill(1, inside));
  }

  /** The worker's side: makes sessions whose native calls go through the gate. */
  guard(createSession: SessionFactory): SessionFactory {
    return async (model) => {
      const session = await this.#pass(() => createSession(model));
      return {
        backend: session.backend,
        run: (inputs, outputs) => this.#pass(() => session.run(inputs, outputs)),
        dispose: () => this.#pass(() => session.dispose()),
      } satisfies Session;
    };
  }

  /** A call is over. */
  leave(): void {
    Atomics.sub(this.words, inside, 1);
    Atomics.notify(this.words, inside);
  }

  /** The owner's side: the worker is gone, whatever it was at. */
  vacate(): void {
    Atomics.store(this.words, inside, 0);
  }

  /** The owner's side: lets no further call in. */
  close(): void {
    Atomics.store(this.words, closed, 1);
  }

  /** Resolves when no call is inside; the gate is to be closed before. */
  async isEmpty(): Promise<void> {
    while (Atomics.load(this.words, inside) > 0) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  /** Waits as {@link isEmpty} does, but holds up the thread: for the moment before the process ends. */
  waitUntilEmpty(milliseconds: number): void {
    const end = performance.now() + milliseconds;
    for (;;) {
      const calls = Atomics.load(this.words, inside);
      const left = end - performance.now();
      if (calls === 0 || left <= 0) return;
      Atomics.wait(this.words, inside, calls, left);
    }
  }

  async #pass<Result>(call: () => Promise<Result>): Promise<Result> {
    Atomics.add(this.words, inside, 1);
    try {
      if (Atomics.load(this.words, closed) === 1) throw new Error('the lane is closed');
      return await call();
    } finally {
      this.leave();
    }
  }
}
