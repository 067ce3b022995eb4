import type { Session } from '@hearken/onnx';
import { describe, expect, it } from 'vitest';
import { NativeGate } from '../../../src/evaluation/lanes/native-gate.js';

/** A gate with a session behind it whose calls end when they are told to. */
async function gated() {
  const owner = NativeGate.create();
  const worker = new NativeGate(owner.words);
  let end: (() => void) | undefined;
  const call = () =>
    new Promise<Record<string, never>>((resolve) => {
      end = () => {
        resolve({});
      };
    });
  const session: Session = { backend: 'made up', run: call, dispose: () => Promise.resolve() };
  const guarded = await worker.guard(() => Promise.resolve(session))(new Uint8Array());
  worker.leave();
  return {
    owner,
    guarded,
    end: () => {
      end?.();
    },
  };
}

describe('a gate', () => {
  it('has its worker inside until that has started', async () => {
    const gate = NativeGate.create();
    const before = performance.now();
    gate.waitUntilEmpty(30);
    expect(performance.now() - before).toBeGreaterThanOrEqual(29);
    new NativeGate(gate.words).leave();
    await gate.isEmpty();
    gate.waitUntilEmpty(1e6);
  });

  it('lets nobody in when it is closed', async () => {
    const { owner, guarded } = await gated();
    owner.close();
    await expect(guarded.run({})).rejects.toThrow('closed');
    await expect(guarded.dispose()).rejects.toThrow('closed');
    await owner.isEmpty();
  });

  it('is empty when the last call is over', async () => {
    const { owner, guarded, end } = await gated();
    const call = guarded.run({});
    owner.close();
    let empty = false;
    const emptied = owner.isEmpty().then(() => (empty = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(empty).toBe(false);
    end();
    await expect(call).resolves.toEqual({});
    await emptied;
  });

  it('does not wait for a worker that is gone', async () => {
    const { owner, guarded } = await gated();
    void guarded.run({});
    owner.close();
    owner.vacate();
    await owner.isEmpty();
    owner.waitUntilEmpty(1e6);
  });
});
