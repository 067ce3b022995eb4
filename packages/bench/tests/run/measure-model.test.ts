import { describe, expect, it } from 'vitest';
import { createNodeRegistry } from '../../src/plugins/plugins.node.js';
import { measureModel } from '../../src/run/measure-model.node.js';
import { fakePlugin } from '../../../../tests/support/fake-run.js';

describe('what a model costs', () => {
  const events: string[] = [];
  const load = async () => {
    const plugin = await createNodeRegistry().resolve(fakePlugin);
    const embedder = await plugin.loadModel(undefined, {});
    const embedScenes = embedder.embedScenes.bind(embedder);
    const dispose = embedder.dispose.bind(embedder);
    embedder.embedScenes = (signals, options) => {
      events.push(`${signals.count} of ${signals.samples}`);
      return embedScenes(signals, options);
    };
    embedder.dispose = async () => {
      events.push('free');
      await dispose();
    };
    return embedder;
  };

  it('is measured on clips that are embedded together, and the model is freed', async () => {
    events.length = 0;
    const cost = await measureModel(load, { clipSeconds: 20, seconds: 1e9 });
    expect(events).toEqual(['1 of 160000', '8 of 160000', 'free']);
    expect(cost).toMatchObject({ clipSeconds: 20, clips: 8, parameters: null });
    expect(cost.loadSeconds).toBeGreaterThan(0);
    expect(cost.realTimeFactor).toBeGreaterThan(0);
    expect(cost.peakMemoryBytes).toBeGreaterThan(2 ** 20);
    expect(cost.machine.cores).toBeGreaterThan(0);
  });

  it('is measured on one clip if that takes long', async () => {
    events.length = 0;
    const { clips } = await measureModel(load, { clipSeconds: 1, seconds: 0 });
    expect(clips).toBe(1);
    expect(events).toEqual(['1 of 8000', '1 of 8000', 'free']);
  });

  it('is not measured once stopped', async () => {
    events.length = 0;
    await expect(measureModel(load, { abortSignal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
    expect(events).toEqual([]);
  });
});
