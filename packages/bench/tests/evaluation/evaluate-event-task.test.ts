import { describe, expect, it } from 'vitest';
import { evaluateTask } from '../../src/evaluation/evaluate-task.node.js';
import type { EvaluationInput, EvaluationProgress } from '../../src/evaluation/evaluation.js';
import { eventTask, type EventOptions } from './made-up-task.js';
import { MemoryJournal } from './memory-journal.js';

const quickGrid = {
  hidden_layers: [1],
  hidden_dim: [16],
  lr: [1e-2],
  max_epochs: [30],
  patience: [30],
  batch_size: [64],
};

function task(options: EventOptions = {}): EvaluationInput {
  const evaluationParams = { task_specific_param_grid: quickGrid, ...options.evaluationParams };
  return eventTask({ ...options, evaluationParams });
}

function evaluate(
  input: EvaluationInput,
  journal = new MemoryJournal(),
  probe = 'mlp',
  onProgress?: (at: EvaluationProgress) => void,
) {
  return evaluateTask(input, { probe, grid: 'faster', gridPoints: 2, seed: 1, threads: 1, journal, onProgress });
}

/** The post-processing that each training decided on. */
function decisions({ records }: MemoryJournal): unknown[] {
  return [...records.values()].map(({ values }) => (JSON.parse(values) as { decision: unknown }).decision);
}

describe('an event task', () => {
  it.each(['mlp', 'linear', 'logreg'])('finds events that stand out: %s', async (probe) => {
    const { scores, folds } = await evaluate(task(), new MemoryJournal(), probe);
    expect(scores.event_onset_200ms_fms.mean).toBeGreaterThan(0.95);
    expect(scores.segment_1s_er.mean).toBeLessThan(0.1);
    expect(folds[0].predictions).toHaveLength(4 * 80 * 2);
  });

  it('chooses the post-processing on validation, and applies it to test as it is', async () => {
    // The events last 500 ms or more, so the longest of these lengths drops them all, and the shortest keeps noise.
    const grid = { median_filter_ms: [1, 250], min_duration: [0, 300, 3000] };
    const evaluationParams = { event_postprocessing_grid: grid };
    const journal = new MemoryJournal();
    const noisy = { noise: 0.45, evaluationParams };
    const chosen = await evaluate(task(noisy), journal);
    const [decision] = decisions(journal) as { medianFilter: number; minimumDuration: number }[];
    expect(decision).toEqual({ medianFilter: 250, minimumDuration: 300 });

    const fixed = { median_filter_ms: [decision.medianFilter], min_duration: [decision.minimumDuration] };
    const alone = await evaluate(task({ ...noisy, evaluationParams: { event_postprocessing_grid: fixed } }));
    expect(alone.folds[0].predictions).toEqual(chosen.folds[0].predictions);
    expect(alone.scores).toEqual(chosen.scores);
    const dropped = { median_filter_ms: [250], min_duration: [3000] };
    const none = await evaluate(task({ ...noisy, evaluationParams: { event_postprocessing_grid: dropped } }));
    expect(none.scores.event_onset_200ms_fms.mean).toBe(0);
  });

  it('is selected by its first metric, downwards where less is better', async () => {
    const best: number[] = [];
    const { gridPoints, folds } = await evaluate(
      task({ noise: 0.45, evaluation: ['segment_1s_er', 'event_onset_200ms_fms'] }),
      undefined,
      'mlp',
      ({ index, bestScore }) => index === 0 && bestScore !== null && best.push(bestScore),
    );
    expect(best[0]).toBeGreaterThan(best.at(-1)!);
    best.slice(1).forEach((score, index) => expect(score).toBeLessThanOrEqual(best[index]));
    const least = Math.min(...gridPoints.map(({ validationScore }) => validationScore));
    expect(folds[0].validationScore).toBe(least);
    expect(least).toBeLessThan(0.5);
  });

  it('is checked every 10 epochs if it is the DCASE task', async () => {
    const seen: number[] = [];
    const { task_specific_param_grid: _, ...evaluationParams } = task().metadata.evaluationParams;
    const input = task({ taskName: 'dcase2016_task2' });
    const { gridPoints } = await evaluate(
      { ...input, metadata: { ...input.metadata, evaluationParams } },
      undefined,
      'mlp',
      ({ epoch, bestScore }) => bestScore !== null && seen.push(epoch),
    );
    expect(Math.min(...seen)).toBe(10);
    expect(gridPoints.map(({ configuration }) => configuration.checkEveryEpochs)).toEqual([10, 10]);
  });

  it('takes the decision from the journal as well', async () => {
    const journal = new MemoryJournal();
    const first = await evaluate(task({ noise: 0.45 }), journal);
    const again = await evaluate(task({ noise: 0.45 }), journal, 'mlp', () => expect.unreachable());
    expect(again).toEqual(first);
  });
});
