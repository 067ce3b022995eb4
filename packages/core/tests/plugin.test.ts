import { describe, expect, it } from 'vitest';
import {
  definePlugin,
  EmbedderError,
  getSceneEmbeddings,
  getTimestampEmbeddings,
  OptionError,
  type PluginDefinition,
  PluginError,
  pluginFromModule,
  SignalError,
  signalBatch,
  type Embedder,
  type LoadOptions,
  type ModelSource,
} from '../src/index.js';
import { FakeEmbedder, fakeModel, fakePlugin } from './fake-embedder.js';

const definition = {
  name: 'fake',
  version: '1.0.0',
  description: 'made up for tests',
  models: { tiny: fakeModel, small: fakeModel },
  options: { windows: 'lengths of the windows in ms' },
  load: () => Promise.resolve<Embedder>(new FakeEmbedder(2000, 1, 0.05)),
};

const signals = signalBatch([Float32Array.from({ length: 2000 }, (_, index) => Math.sin(index))]);

describe('definePlugin', () => {
  it('adds the functions of HEAR', async () => {
    const plugin = definePlugin(definition);
    const embedder = await plugin.loadModel('model.pt', { model: 'small', windows: [50] });
    expect((await plugin.getSceneEmbeddings(signals, embedder)).data.length).toBe(4);
    expect((await plugin.getTimestampEmbeddings(signals, embedder)).timestampCount).toBe(20);
  });

  it('hands the path and the options on', async () => {
    const calls: [ModelSource | undefined, LoadOptions][] = [];
    const plugin = definePlugin({
      ...definition,
      load: (path, options) => {
        calls.push([path, options]);
        return definition.load();
      },
    });
    await plugin.loadModel('model.pt', { model: 'small', windows: [50], runtime: { threads: 1 } });
    await plugin.loadModel();
    expect(calls[0]).toEqual(['model.pt', { model: 'small', windows: [50], runtime: { threads: 1 } }]);
    expect(calls[1][0]).toBeUndefined();
  });

  it.each(['Fake', '1st', 'two words', '../up', ''])("refuses the name '%s'", (name) => {
    expect(() => definePlugin({ ...definition, name })).toThrow(PluginError);
  });

  it('refuses a plugin without models', () => {
    expect(() => definePlugin({ ...definition, models: {} })).toThrow(PluginError);
  });

  const family = { description: 'a fake', landmarks: ['fake.weight'], shapes: { 'fake.weight': [null, 1] } };

  it('keeps what its checkpoints look like, which may be absent', () => {
    expect(definePlugin({ ...definition, checkpoints: [family] }).checkpoints).toEqual([family]);
    expect(definePlugin(definition).checkpoints).toBeUndefined();
    const { load, ...described } = definition;
    const module = { default: { ...described, checkpoints: [family] }, loadModel: load };
    expect(pluginFromModule(module, 'made-up').checkpoints).toEqual([family]);
  });

  it.each<[string, unknown]>([
    ['no list', {}],
    ['no landmarks', [{ description: 'a fake' }]],
    ['an empty list of landmarks', [{ ...family, landmarks: [] }]],
    ['a shape of what is no landmark', [{ ...family, shapes: { other: [1] } }]],
    ['more than any plugin has', Array.from({ length: 65 }, () => family)],
    ['names of any length', [{ ...family, without: ['x'.repeat(501)] }]],
  ])('refuses checkpoints that are %s', (_what, value) => {
    const checkpoints = value as PluginDefinition['checkpoints'];
    expect(() => definePlugin({ ...definition, checkpoints })).toThrow(PluginError);
    expect(() => pluginFromModule({ default: { ...definition, checkpoints } }, 'made-up')).toThrow(/checkpoints/);
  });

  it('rejects unknown models and options, and names the nearest', async () => {
    const plugin = definePlugin(definition);
    await expect(plugin.loadModel(undefined, { model: 'smal' })).rejects.toThrow(OptionError);
    await expect(plugin.loadModel(undefined, { model: 'smal' })).rejects.toThrow("did you mean 'small'?");
    await expect(plugin.loadModel(undefined, { window: 1 })).rejects.toThrow("did you mean 'windows'?");
  });

  it('takes no model from Object’s own prototype', async () => {
    await expect(definePlugin(definition).loadModel(undefined, { model: 'toString' })).rejects.toThrow(OptionError);
  });
});

describe('getSceneEmbeddings and getTimestampEmbeddings', () => {
  it('refuse signals that the embedder cannot take, before it sees them', async () => {
    const embedder = await fakePlugin().loadModel();
    const short = signalBatch([new Float32Array(99)]);
    await expect(getSceneEmbeddings(short, embedder)).rejects.toThrow(SignalError);
    await expect(getTimestampEmbeddings(short, embedder)).rejects.toThrow(SignalError);
  });

  it.each([
    [undefined, 'undefined instead of one; make one with signalBatch([signal])'],
    [null, 'null instead of one'],
    [new Float32Array(2000), 'Float32Array instead of one'],
    [{ ...signals, data: Array.from(signals.data) }, 'Array instead of Float32Array as data'],
  ])('refuse what is no batch', async (batch, message) => {
    const embedder = await fakePlugin().loadModel();
    for (const embed of [getSceneEmbeddings, getTimestampEmbeddings]) {
      const answer = embed(batch as unknown as typeof signals, embedder);
      await expect(answer).rejects.toThrow(SignalError);
      await expect(embed(batch as unknown as typeof signals, embedder)).rejects.toThrow(message);
    }
  });

  it('refuse answers that are not float32', async () => {
    const embedder = new FakeEmbedder(2000, 1, 0.05);
    const data = new Float64Array(4) as unknown as Float32Array;
    embedder.embedScenes = () => Promise.resolve({ data, count: 1, size: 4 });
    embedder.embedTimestamps = () =>
      Promise.resolve({ data, count: 1, timestampCount: 1, size: 4, timestamps: Float32Array.of(25) });
    await expect(getSceneEmbeddings(signals, embedder)).rejects.toThrow('Float64Array instead of Float32Array');
    await expect(getTimestampEmbeddings(signals, embedder)).rejects.toThrow('Float64Array instead of Float32Array');
  });

  it('refuse answers of another size and answers that are not finite', async () => {
    const embedder = new FakeEmbedder(2000, 1, 0.05);
    embedder.embedScenes = () => Promise.resolve({ data: new Float32Array(5), count: 1, size: 4 });
    embedder.embedTimestamps = () =>
      Promise.resolve({
        data: Float32Array.of(0, 0, 0, NaN),
        count: 1,
        timestampCount: 1,
        size: 4,
        timestamps: Float32Array.of(25),
      });
    await expect(getSceneEmbeddings(signals, embedder)).rejects.toThrow(EmbedderError);
    await expect(getSceneEmbeddings(signals, embedder)).rejects.toThrow('5 values instead of 4');
    await expect(getTimestampEmbeddings(signals, embedder)).rejects.toThrow('NaN or infinity');
  });

  it('pass the abort signal on', async () => {
    const embedder = await fakePlugin().loadModel();
    const reason = new Error('enough');
    const abortSignal = AbortSignal.abort(reason);
    await expect(getSceneEmbeddings(signals, embedder, { abortSignal })).rejects.toBe(reason);
    await expect(getTimestampEmbeddings(signals, embedder, { abortSignal })).rejects.toBe(reason);
  });
});
