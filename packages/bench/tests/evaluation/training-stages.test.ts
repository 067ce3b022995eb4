import { describe, expect, it } from 'vitest';
import type { EvaluationProgress } from '../../src/evaluation/evaluation.js';
import { probeNames } from '../../src/probes/registry.js';
import { LocalLanes } from './local-lanes.js';
import { MemoryJournal } from './memory-journal.js';
import { numbers, quickEvaluation, quickTask } from './quick-evaluation.js';

/** What a journal holds, times apart, by key. */
function contents({ records }: MemoryJournal): unknown {
  return numbers(
    [...records]
      .sort()
      .map(([key, { values, arrays }]) => [key, JSON.parse(values) as unknown, Object.entries(arrays)]),
  );
}

describe('trainings side by side', () => {
  it.each(probeNames())('give the same numbers and the same journal as one after the other: %s', async (probe) => {
    const input = quickTask();
    const options = { probe, seeds: 2, pca: probe === 'linear' ? 4 : undefined };
    const journal = new MemoryJournal();
    const whole = numbers(await quickEvaluation(input, { ...options, journal }));
    for (const lanes of [2, 5]) {
      const laneJournal = new MemoryJournal();
      const laneStarter = new LocalLanes();
      const evaluation = await quickEvaluation(input, { ...options, lanes, laneStarter, journal: laneJournal });
      expect(numbers(evaluation)).toEqual(whole);
      expect(contents(laneJournal)).toEqual(contents(journal));
      expect(laneStarter.disposed).toBe(laneStarter.started);
      expect(laneStarter.begun).toHaveLength(probe === 'linear' ? 5 : journal.records.size);
    }
  });

  it('choose the first of equal grid points, whichever ends first', async () => {
    const input = quickTask({ noise: 0.01 });
    const whole = await quickEvaluation(input);
    const best = whole.gridPoints.filter(({ validationScore }) => validationScore === 1);
    expect(best.length).toBeGreaterThan(1);
    expect(whole.configuration).toEqual(best[0].configuration);
    // It comes last.
    let waiting = 6;
    const laneStarter = new LocalLanes(async ({ configuration }) => {
      waiting -= 1;
      const first = JSON.stringify(configuration) === JSON.stringify(whole.configuration);
      while (first && waiting > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    });
    const evaluation = await quickEvaluation(input, { lanes: 6, laneStarter });
    expect(evaluation.configuration).toEqual(whole.configuration);
    expect(numbers(evaluation)).toEqual(numbers(whole));
  });

  it('begin with the longest', async () => {
    const laneStarter = new LocalLanes();
    const evaluation = await quickEvaluation(quickTask(), { lanes: 2, laneStarter });
    const layers = laneStarter.begun.slice(0, 6).map(({ configuration }) => configuration.hiddenLayers as number);
    expect(layers).toEqual(layers.toSorted((left, right) => right - left));
    expect(new Set(layers)).toEqual(new Set([0, 1]));
    expect(evaluation.gridPoints).toHaveLength(6);
  });

  it('tell how far they are together', async () => {
    const seen: Required<EvaluationProgress>[] = [];
    const onProgress = (progress: EvaluationProgress) => seen.push(progress as Required<EvaluationProgress>);
    await quickEvaluation(quickTask(), { lanes: 2, laneStarter: new LocalLanes(), onProgress });
    for (const stage of ['grid', 'split'] as const) {
      const own = seen.filter((progress) => progress.stage === stage);
      const total = stage === 'grid' ? 6 : 2;
      expect(Math.max(...own.map(({ running }) => running))).toBe(2);
      expect(own.every((progress) => progress.total === total && progress.done <= total)).toBe(true);
      expect(own.map(({ done }) => done)).toEqual(own.map(({ done }) => done).toSorted((left, right) => left - right));
      expect(own.at(-1)!.finished).toBe(total - 1);
      expect(new Set(own.map(({ index }) => index)).size).toBe(total);
    }
  });

  it('count what was finished before', async () => {
    const input = quickTask();
    const journal = new MemoryJournal();
    await quickEvaluation(input, { journal });
    journal.records.delete('grid-2-seed-0');
    const seen: EvaluationProgress[] = [];
    await quickEvaluation(input, { journal, onProgress: (progress) => seen.push(progress) });
    expect(seen.every(({ stage, index, finished }) => stage === 'grid' && index === 2 && finished === 5)).toBe(true);
    expect(seen.length).toBeGreaterThan(0);
  });

  it('stop together when one of them fails', async () => {
    const journal = new MemoryJournal();
    let begun = 0;
    const laneStarter = new LocalLanes(() => {
      begun += 1;
      if (begun === 4) throw new Error('out of memory');
    });
    await expect(quickEvaluation(quickTask(), { lanes: 2, laneStarter, journal })).rejects.toThrow('out of memory');
    expect(begun).toBeLessThanOrEqual(5);
    expect(laneStarter.disposed).toBe(2);
    const finished = journal.records.size;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(journal.records.size).toBe(finished);
  });

  it('go one after the other where lanes do not start', async () => {
    const input = quickTask();
    const laneStarter = { count: () => 2, start: () => Promise.resolve([]) };
    expect(numbers(await quickEvaluation(input, { laneStarter, lanes: 2 }))).toEqual(
      numbers(await quickEvaluation(input)),
    );
  });
});
