import type { Evaluate } from '../../packages/bench/src/run/benchmark.js';
import { Random } from '../../packages/metrics/src/random.js';
import { metricByName } from '../../packages/metrics/src/registry.js';

/**
 * An evaluation without a probe: each test clip of a scene task is answered correctly with probability `skill`; for
 * event tasks, all frames of a file are, with the same probability.
 */
export function answering(skill: number, seed: number): Evaluate {
  return ({ labels, metadata, splits }) => {
    const random = new Random(seed);
    const test = splits.get('test')!;
    const event = metadata.embeddingType === 'event';
    const lucky = test.clipNames.map(() => random.uniform() < skill);
    const predictions = Float32Array.from(test.targets, (target, index) => {
      const right = lucky[test.clipOf[Math.floor(index / labels.length)]];
      return event ? Number(right) * target : Math.abs(Number(!right) - target) + 0.01 * random.uniform();
    });
    const decision = { medianFilter: 0, minimumDuration: 0 };
    const scores = Object.fromEntries(
      metadata.evaluation.map((name) => {
        const metric = metricByName(name);
        if (metric.kind === 'scene') return [name, metric.compute({ predictions, targets: test.targets, labels })];
        if (metric.kind === 'regression') throw new TypeError(`${name} is no metric of labels`);
        const reference = new Map(test.clipNames.map((clip, index) => [clip, test.events![index]]));
        // Frames every 100 ms, labelled from 0 to 300 ms.
        const estimated = new Map(test.clipNames.map((clip, index) => [clip, lucky[index] ? test.events![index] : []]));
        return [name, metric.compute({ reference, estimated, labels }) ?? 0];
      }),
    );
    const fold = { test: 'test', scores, validationScore: 0.5, epoch: 1, epochsTrained: 1, seconds: 0.25, predictions };
    return Promise.resolve({
      scores: Object.fromEntries(Object.entries(scores).map(([name, mean]) => [name, { mean, deviation: null }])),
      folds: [event ? { ...fold, decision } : fold],
      configuration: {},
      gridPoints: [],
      epochsTrained: 1,
      seconds: 0.25,
    });
  };
}
