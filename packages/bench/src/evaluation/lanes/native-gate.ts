import type { Session } from '@hearken/onnx';
import type { SessionFactory } from '../../probes/probe.js';

const closed = 0;
const inside = 1;

/**
 * Prevents a worker from being ended inside native code: if its thread ends during a call, by `terminate` or
 * `process.exit`, onnxruntime-node crashes the whole process ("terminate called after throwing an instance of
 * 'Napi::Error'"). So the worker records when it is inside, and the owner closes the gate and waits until it is
 * outside.
 *
 * Each side writes its own word before it reads the other's. Atomics are sequentially consistent, so at least one of
 * them sees the other.
 */
export class NativeGate {
  /** @param words in shared memory: whether the gate is closed, and the number of calls inside */
  constructor(readonly words: Int32Array) {}

  /** A gate with one call inside: the start of the worker, which loads the runtime. */
  static create(): NativeGate {
    return new NativeGate(new Int32Array(new SharedArrayBuffer(8)).fill(1, inside));
  }

  /** The worker's side: creates sessions whose native calls go through the gate. */
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

  /** Call when a native call has ended. */
  leave(): void {
    Atomics.sub(this.words, inside, 1);
    Atomics.notify(this.words, inside);
  }

  /** The owner's side: the worker is gone, whatever it was doing. */
  vacate(): void {
    Atomics.store(this.words, inside, 0);
  }

  /** The owner's side: lets in no further calls. */
  close(): void {
    Atomics.store(this.words, closed, 1);
  }

  /** Resolves when no call is inside; close the gate first. */
  async isEmpty(): Promise<void> {
    while (Atomics.load(this.words, inside) > 0) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  /** Waits like {@link isEmpty}, but blocks the thread: for the moment before the process exits. */
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
