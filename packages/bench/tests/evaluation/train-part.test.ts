import { OptionError } from '@hearken/core';
import { expect, it } from 'vitest';
import { missingTrainings, trainPart } from '../../src/evaluation/evaluate-with.js';
import type { EvaluationOptions } from '../../src/evaluation/evaluation.js';
import { createProbeSession } from '../../src/probes/probe-session.node.js';
import { LocalLanes } from './local-lanes.js';
import { MemoryJournal } from './memory-journal.js';
import { numbers, quickEvaluation, quickTask } from './quick-evaluation.js';

const settings: EvaluationOptions = {
  probe: 'mlp',
  grid: 'faster',
  gridPoints: 3,
  seed: 0,
  seeds: 2,
  threads: 1,
};

it('gives the same numbers as a whole evaluation when every training is run by itself', async () => {
  const input = quickTask();
  const whole = await quickEvaluation(input, settings);
  const journal = new MemoryJournal();
  const options = { ...settings, journal };
  const missing = () => missingTrainings(createProbeSession, input, options);
  const parts = (stage: 'grid' | 'split', ...indices: number[]) => indices.map((index) => ({ stage, index }));
  // Any order within a stage will do.
  expect(await missing()).toEqual(parts('grid', 0, 1, 2));
  for (const part of parts('grid', 2, 0)) await trainPart(createProbeSession, input, options, part);
  expect(await missing()).toEqual(parts('grid', 1));
  for (const part of parts('grid', 1)) await trainPart(createProbeSession, input, options, part);
  expect(await missing()).toEqual(parts('split', 0, 1, 2, 3, 4));
  for (const part of parts('split', 4, 1, 3, 0, 2)) await trainPart(createProbeSession, input, options, part);
  expect(await missing()).toEqual([]);
  const before = journal.records.size;
  expect(before).toBe(8);
  const laneStarter = new LocalLanes();
  const evaluation = await quickEvaluation(input, { ...options, lanes: 2, laneStarter });
  expect(numbers(evaluation)).toEqual(numbers(whole));
  expect([journal.records.size, laneStarter.begun]).toEqual([before, []]);
});

it('trains what is missing of the first stage, if a training of the second one needs it', async () => {
  const journal = new MemoryJournal();
  const options = { ...settings, journal };
  await trainPart(createProbeSession, quickTask(), options, { stage: 'split', index: 0 });
  expect([...journal.records.keys()].sort()).toEqual([
    'grid-0-seed-0',
    'grid-1-seed-0',
    'grid-2-seed-0',
    'split-1-seed-0',
  ]);
});

it.each([-1, 3, 0.5])('refuses training %s of three', async (index) => {
  const trained = trainPart(createProbeSession, quickTask(), settings, { stage: 'grid', index });
  await expect(trained).rejects.toThrow(OptionError);
});
