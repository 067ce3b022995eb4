import {
  type ClassificationHead,
  EmbedderError,
  type Embedder,
  type Plugin,
  type SceneEmbeddings,
  type SignalBatch,
  type TimestampEmbeddings,
} from '../src/index.js';
import { type ConformanceOptions } from '../src/conformance.js';
import { type TimestampStreaming } from '../src/streaming.js';
import { FakeEmbedder, fakeModel, fakePlugin } from './fake-embedder.js';

/** The options of a fake whose embedder differs from the good one in what `change` gives. */
export function brokenEmbedder(change: (good: Embedder) => Partial<Embedder>): ConformanceOptions {
  const load = () => {
    const good = new FakeEmbedder(2000, 1, 0.05);
    const bound: Embedder = {
      ...good,
      embedScenes: (signals, options) => good.embedScenes(signals, options),
      embedTimestamps: (signals, options) => good.embedTimestamps(signals, options),
      dispose: () => good.dispose(),
    };
    return Promise.resolve({ ...bound, ...change(bound) });
  };
  return { plugin: fakePlugin(), load };
}

/** The options of a fake plugin that embeds without the checks that core makes. */
function uncheckedPlugin(repair: (signals: SignalBatch) => SignalBatch): ConformanceOptions {
  const plugin: Plugin = {
    ...fakePlugin(),
    getSceneEmbeddings: (signals, embedder, options) => embedder.embedScenes(repair(signals), options),
    getTimestampEmbeddings: (signals, embedder, options) => embedder.embedTimestamps(repair(signals), options),
  };
  return { plugin, load: () => plugin.loadModel() };
}

export function good(plugin: Plugin): ConformanceOptions {
  return { plugin, load: () => plugin.loadModel() };
}

export function changeScenes(change: (found: SceneEmbeddings, signals: SignalBatch) => Partial<SceneEmbeddings>) {
  return brokenEmbedder((embedder) => ({
    async embedScenes(signals, options) {
      const found = await embedder.embedScenes(signals, options);
      return { ...found, ...change(found, signals) };
    },
  }));
}

function changeTimestamps(change: (found: TimestampEmbeddings, signals: SignalBatch) => Partial<TimestampEmbeddings>) {
  return brokenEmbedder((embedder) => ({
    async embedTimestamps(signals, options) {
      const found = await embedder.embedTimestamps(signals, options);
      return { ...found, ...change(found, signals) };
    },
  }));
}

function changeHead(change: (good: ClassificationHead) => Partial<ClassificationHead>): ConformanceOptions {
  return brokenEmbedder(({ head }) => {
    if (head === undefined) throw new Error('the fake has a head');
    return { head: { ...head, ...change(head) } };
  });
}

function changeLogits(change: (data: Float32Array) => Float32Array): ConformanceOptions {
  return changeHead((head) => ({
    async classifyScenes(signals, options) {
      const found = await head.classifyScenes(signals, options);
      return { ...found, data: change(found.data) };
    },
  }));
}

function changeStreaming(change: (good: TimestampStreaming) => Partial<TimestampStreaming>): ConformanceOptions {
  return brokenEmbedder(({ timestampStreaming }) => {
    if (timestampStreaming === undefined) throw new Error('the fake streams');
    return { timestampStreaming: { ...timestampStreaming, ...change(timestampStreaming) } };
  });
}

/** For each check, embedders that break what it is about; other checks may notice too. */
export const breakages: Record<string, Record<string, ConformanceOptions>> = {
  'the plugin definition is complete': {
    'no version': good({ ...fakePlugin(), version: '' }),
    'a model without sample rate': good({ ...fakePlugin(), models: { tiny: { ...fakeModel, sampleRate: NaN } } }),
  },
  'sizes and sample rate are positive integers and match the metadata': {
    'a size of half a value': brokenEmbedder(() => ({ timestampEmbeddingSize: 4.5 })),
    'no minimum': brokenEmbedder(() => ({ minimumSceneSamples: 0 })),
    'another sample rate than the metadata': brokenEmbedder(() => ({ sampleRate: 1000 })),
    'another size than the metadata': good(fakePlugin({ ...fakeModel, embeddingSize: 8 })),
  },
  'the provenance is complete': {
    'another plugin': provenance({ plugin: 'other' }),
    'another version': provenance({ pluginVersion: '0.9.0' }),
    'an unknown model': provenance({ model: 'huge' }),
    'an inherited model name': provenance({ model: 'toString' }),
    'half a hash': provenance({ checkpointSha256: 'abc123' }),
    'no backend': provenance({ backend: ' ' }),
    'an execution without a runtime': provenance({ execution: { threads: 2 } }),
    'an execution on no threads': provenance({ execution: { runtime: 'made up', threads: 0 } }),
    'a function in the options': provenance({ options: { window: () => 1 } }),
    'infinity in the options': provenance({ options: { nested: [Infinity] } }),
    'a map in the options': provenance({ options: { table: new Map() } }),
    'options that hold themselves': provenance({ options: circular() }),
  },
  'scene embeddings are finite float32 of the declared shape': {
    'a value too many': changeScenes(({ data }) => ({ data: Float32Array.of(...data, 0) })),
    'another count': changeScenes(({ count }) => ({ count: count + 1 })),
    'another size': changeScenes(() => ({ size: 5 })),
    NaN: changeScenes(({ data }) => ({ data: data.map(() => NaN) })),
    float64: changeScenes(({ data }) => ({ data: Float64Array.from(data) as unknown as Float32Array })),
  },
  'timestamp embeddings are finite float32 of the declared shape': {
    'no timestamp': changeTimestamps(() => ({
      data: new Float32Array(0),
      timestamps: new Float32Array(0),
      timestampCount: 0,
    })),
    'a timestamp too few': changeTimestamps(({ timestamps }) => ({ timestamps: timestamps.subarray(1) })),
    'timestamps that are NaN': changeTimestamps(({ timestamps }) => ({ timestamps: timestamps.map(() => NaN) })),
    'another count': changeTimestamps(({ count }) => ({ count: count + 1 })),
  },
  'different signals have different embeddings': {
    'constant scenes': changeScenes(({ data }) => ({ data: data.map((_, index) => index % 4) })),
    'constant timestamps': changeTimestamps(({ data }) => ({ data: data.map((_, index) => index % 4) })),
  },
  'the same signal twice has the same embedding': {
    'random scenes': changeScenes(({ data }) => ({ data: data.map((value) => value + Math.random()) })),
    'random timestamps': changeTimestamps(({ data }) => ({ data: data.map((value) => value + Math.random()) })),
    'random values in one and the same array': sameArray(),
    'NaN every second time, which nothing else checks': {
      ...everySecondTimeNaN(),
      plugin: uncheckedPlugin((signals) => signals).plugin,
    },
    'NaN before values that are as they were': {
      ...everySecondTimeNaN((index) => index === 0),
      plugin: uncheckedPlugin((signals) => signals).plugin,
    },
  },
  'an embedding does not depend on its batch': {
    'scenes scaled by their batch': changeScenes(({ data }) => {
      const largest = data.reduce((most, value) => Math.max(most, value), 0);
      return { data: data.map((value) => value / largest) };
    }),
    'timestamps in another order': changeTimestamps(({ data, count }) => {
      const rows = Array.from({ length: count }, (_, index) =>
        Array.from(data.subarray((index * data.length) / count, ((index + 1) * data.length) / count)),
      );
      return { data: Float32Array.from(rows.sort((left, right) => left[0] - right[0]).flat()) };
    }),
  },
  'the signals are not modified': {
    'scaled in place': changeScenes((_, { data }) => {
      data.forEach((value, index) => {
        data[index] = value / 2;
      });
      return {};
    }),
  },
  'silence has finite embeddings': {
    'a logarithm of nothing': changeScenes(({ data }) => ({ data: data.map((value) => Math.log(value)) })),
    'a division by nothing': changeTimestamps(({ data }) => ({ data: data.map((value) => 1 / value) })),
  },
  "HEAR's lengths of 1.07, 1.98, 2.74 and 4 s are embedded": {
    'at most 3 s': brokenEmbedder((embedder) => ({
      embedScenes: (signals, options) =>
        signals.samples > 6000 ? Promise.reject(tooLong()) : embedder.embedScenes(signals, options),
    })),
    'below its own minimum': {
      ...uncheckedPlugin((signals) => signals),
      load: () => Promise.resolve(new FakeEmbedder(2000, 1, 2)),
    },
  },
  'odd and prime lengths are embedded': {
    'even lengths only': brokenEmbedder((embedder) => ({
      embedTimestamps: (signals, options) =>
        signals.samples % 2 === 1 ? Promise.reject(tooLong()) : embedder.embedTimestamps(signals, options),
    })),
  },
  'timestamps rise in equal steps within the signal and are the same for all signals': {
    'in another unit': changeTimestamps(({ timestamps }) => ({ timestamps: timestamps.map((time) => 2 * time) })),
    'before the start': changeTimestamps(({ timestamps }) => ({ timestamps: timestamps.map((time) => time - 50) })),
    falling: changeTimestamps(({ timestamps }) => ({ timestamps: timestamps.toReversed() })),
    uneven: changeTimestamps(({ timestamps, timestampCount }) => ({
      timestamps: timestamps.map((time, index) => (index % timestampCount === 1 ? time + 0.01 : time)),
    })),
    'another grid for the second signal': changeTimestamps(({ timestamps, timestampCount }) => ({
      timestamps: timestamps.map((time, index) => (index >= timestampCount ? time + 1 : time)),
    })),
  },
  'timestamps of a long clip do not drift': {
    'a hop that was rounded': changeTimestamps(({ timestamps }) => ({
      timestamps: timestamps.map((time) => 0.98 * time),
    })),
    'a longer one': changeTimestamps(({ timestamps }) => ({ timestamps: timestamps.map((time) => 1.01 * time) })),
  },
  'a stream gives the same timestamp embeddings as the whole signal': {
    'other values': changeStreaming((good) => ({
      embed: async (...parts) => (await good.embed(...parts)).map((value) => value + 0.1),
    })),
    'values of the wrong samples': changeStreaming((good) => ({
      embed: (stretch, range, options) => good.embed({ ...stretch, start: 0 }, range, options),
    })),
    'a timestamp too few at the end': changeStreaming((good) => ({
      embed: async (stretch, range, options) => {
        const answer = await good.embed(stretch, range, options);
        return answer.length < 4 * (range.to - range.from) ? answer.subarray(0, -4) : answer;
      },
    })),
    'less of the signal than they look at': changeStreaming((good) => ({ lookAhead: good.lookAhead - 1 })),
    'other timestamps': changeStreaming((good) => ({ firstCentre: good.firstCentre + 1 })),
    'another hop than it says': changeStreaming((good) => ({ hop: good.hop + 1 })),
  },
  'a head has a kind, a size, and names that are all different': {
    'no size': changeHead(() => ({ size: 0 })),
    'another kind': changeHead(() => ({ kind: 'regression' as 'multilabel' })),
    'a name too few': changeHead(() => ({ labels: ['loud', 'rough', 'even'] })),
    'an empty name': changeHead(() => ({ labels: ['loud', 'rough', 'even', ' '] })),
    'a name twice': changeHead(() => ({ labels: ['loud', 'rough', 'even', 'loud'] })),
    'text instead of names': changeHead(() => ({ labels: 'loud' as unknown as string[] })),
  },
  'logits of a head are finite float32 of the declared shape': {
    'a value too many': changeLogits((data) => Float32Array.of(...data, 0)),
    NaN: changeLogits((data) => data.map(() => NaN)),
    'another size': changeHead(() => ({ labels: ['loud'], size: 1 })),
    'crops of another size': changeHead(() => ({
      crops: { samples: 100, classify: () => Promise.resolve({ data: new Float32Array(5), count: 1, size: 5 }) },
    })),
    'another size over time': changeHead((head) => ({
      async classifyTimestamps(signals, options) {
        const found = await head.classifyTimestamps!(signals, options);
        return { ...found, timestampCount: found.timestampCount + 1 };
      },
    })),
  },
  'logits of a head do not depend on the batch': {
    'scaled by their batch': changeLogits((data) => {
      const largest = data.reduce((most, value) => Math.max(most, value), 0);
      return data.map((value) => value / largest);
    }),
  },
  'the head of a disposed embedder refuses to answer': {
    'goes on': changeHead(() => {
      const head = new FakeEmbedder(2000, 1, 0.05).head;
      return { classifyScenes: head.classifyScenes, classifyTimestamps: head.classifyTimestamps };
    }),
  },
  'one sample, no sample and no signal are refused': {
    'padded instead': uncheckedPlugin((signals) =>
      signals.samples > 1 && signals.count > 0
        ? signals
        : { data: new Float32Array(2000).fill(0.1), count: 1, channels: 1, samples: 2000 },
    ),
    'refused with another error': brokenUnchecked(),
  },
  'NaN and infinity are refused': {
    'repaired instead': uncheckedPlugin((signals) => ({
      ...signals,
      data: signals.data.map((value) => (Number.isFinite(value) ? value : 0)),
    })),
  },
  'a wrong number of channels is refused': {
    'ignored instead': uncheckedPlugin((signals) => signals),
  },
  'an aborted signal rejects with its reason': {
    'never looked at': brokenEmbedder((embedder) => ({ embedScenes: (signals) => embedder.embedScenes(signals) })),
    'another error': brokenEmbedder((embedder) => ({
      embedTimestamps: (signals, options) =>
        options?.abortSignal?.aborted === true
          ? Promise.reject(new Error('aborted'))
          : embedder.embedTimestamps(signals, options),
    })),
  },
  'dispose may be called twice': {
    'throws the second time': brokenEmbedder(() => {
      let disposed = false;
      return {
        dispose() {
          if (disposed) return Promise.reject(new Error('session already released'));
          disposed = true;
          return Promise.resolve();
        },
      };
    }),
  },
  'a disposed embedder refuses to embed': {
    'goes on': brokenEmbedder(() => ({ dispose: () => Promise.resolve() })),
    'another error': brokenEmbedder((embedder) => ({
      async embedScenes(signals, options) {
        try {
          return await embedder.embedScenes(signals, options);
        } catch (error) {
          throw error instanceof EmbedderError ? new TypeError('session is null') : error;
        }
      },
    })),
  },
};

function provenance(change: Record<string, unknown>): ConformanceOptions {
  return brokenEmbedder((embedder) => ({ provenance: { ...embedder.provenance, ...change } }));
}

function circular(): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  options.self = options;
  return options;
}

function sameArray(): ConformanceOptions {
  const array = new Float32Array(12);
  return changeScenes(({ data }) => {
    array.set(data.map((value) => value + Math.random()));
    return { data: array.subarray(0, data.length) };
  });
}

function everySecondTimeNaN(isNaN: (index: number) => boolean = () => true): ConformanceOptions {
  let calls = 0;
  return changeScenes(({ data }) => {
    calls += 1;
    return { data: calls % 2 === 0 ? data.map((value, index) => (isNaN(index) ? NaN : value)) : data };
  });
}

export function tooLong(): EmbedderError {
  return new EmbedderError({ asked: 'an embedding', found: 'a length it cannot take', fix: 'pass another length' });
}

function brokenUnchecked(): ConformanceOptions {
  return uncheckedPlugin((signals) => {
    if (signals.samples <= 1) throw new TypeError('samples');
    return signals;
  });
}
