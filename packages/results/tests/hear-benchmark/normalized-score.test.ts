import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { foldersByName, hearTaskOf, hearTasks } from '@hearken/tasks';
import { leaderboard, leaderboardTasks } from '@hearken/tasks/internal';
import {
  bestHear2021Score,
  normalizedMean,
  normalizedScore,
  publishedScore,
} from '../../src/hear-benchmark/normalized-score.js';
import { metricByName } from '@hearken/metrics';

const csv = new URL('../../../tasks/src/hear-benchmark/published/hear-2021-leaderboard.csv', import.meta.url);

describe('the published leaderboard', () => {
  it('is what the CSV says, cell by cell', async () => {
    const [header, ...rows] = parse(await readFile(csv, 'utf8'));
    expect(header.slice(3)).toEqual([...leaderboardTasks]);
    expect(rows).toHaveLength(34);
    expect(leaderboard.map(({ model, url, submitted, scores }) => [model, url, submitted, ...scores])).toEqual(
      rows.map(([model, url, submitted, ...cells]) => [
        model,
        url,
        submitted,
        ...cells.map((cell) => (cell === '' ? null : Number(cell))),
      ]),
    );
  });

  it.each([
    ['Logitech AI SERAB BYOL-S', 79.57, 19],
    ['OpenL3', 75.52, 19],
    ['RedRice EfficientNet-B2', 71.65, 19],
    ['CVSSP PANNS', 62.47, 18],
  ])('gives %s its published average of %d', (model, average, count) => {
    const row = leaderboard.find((one) => one.model === model)!;
    const scores = hearTasks.flatMap(({ title, folders }) =>
      folders.map(({ taskName, mode }) => ({ taskName, mode, score: publishedScore(row, title) })),
    );
    const { mean, tasks, missing } = normalizedMean(scores);
    expect(Math.abs(100 * mean! - average)).toBeLessThan(0.005);
    expect(tasks).toHaveLength(count);
    expect(missing).toHaveLength(19 - count);
  });
});

describe('normalized scores', () => {
  it('divide by the best row of the challenge, not of later ones', () => {
    expect(bestHear2021Score('ESC-50').score).toBe(0.947499991);
    // ced_base, submitted in 2023, has 0.9665.
    expect(normalizedScore('esc50', 'full', 0.966499996)).toBeGreaterThan(1);
    expect(normalizedScore('nsynth_pitch', '5h', 0.439)).toBeCloseTo(0.439 / 0.878000021, 12);
    expect(normalizedScore('nsynth_pitch', '50h', 0.9)).toBeCloseTo(
      0.9 / bestHear2021Score('NSynth Pitch 50h').score,
      12,
    );
    expect(bestHear2021Score('Beehive')).toEqual({ score: 0.877965838, model: 'Sony UDONS ViT' });
  });

  it('are null for other tasks, editions and metrics, and for undefined scores', () => {
    expect(normalizedScore('fsdd_digit', 'full', 0.9)).toBeNull();
    expect(normalizedScore('esc50', 'small', 0.9)).toBeNull();
    expect(normalizedScore('esc50', 'full', null)).toBeNull();
    expect(normalizedScore('esc50', 'full', 0.9, 'mAP')).toBeNull();
    expect(normalizedScore('esc50', 'full', 0.9, 'top1_acc')).toBeCloseTo(0.9 / 0.947499991, 12);
  });

  it('count Beehive by the mean of both folds, once both are there', () => {
    const fold = (index: number, score: number | null) => ({
      taskName: `beehive_states_fold${index}`,
      mode: 'full',
      score,
    });
    expect(normalizedMean([fold(0, 0.5)])).toMatchObject({ mean: null, tasks: [] });
    expect(normalizedMean([fold(0, 0.5), fold(1, null)]).tasks).toEqual([]);
    const both = normalizedMean([fold(0, 0.5), fold(1, 0.7), { taskName: 'unknown', mode: 'full', score: 1 }]);
    expect(both.tasks).toHaveLength(1);
    expect(both.tasks[0].score).toBeCloseTo(0.6, 12);
    expect(both.missing).not.toContain('Beehive');
    expect(() => normalizedMean([fold(0, 0.5), fold(0, 0.6)])).toThrow(/two/);
  });
});

describe('the registry of tasks', () => {
  it('has the leaderboard’s tasks in its order, each folder once', () => {
    expect(hearTasks.map(({ title }) => title)).toEqual([...leaderboardTasks]);
    const folders = hearTasks.flatMap(({ folders: own }) => own);
    expect(new Set(folders.map(({ id }) => id)).size).toBe(20);
    for (const { id, taskName, version, mode } of folders) expect(id).toBe(`${taskName}-${version}-${mode}`);
    expect(hearTaskOf('libricount', 'full')?.folders[0]).toEqual({
      taskName: 'libricount',
      version: 'v1.0.0-hear2021',
      mode: 'full',
      id: 'libricount-v1.0.0-hear2021-full',
    });
  });

  it('names metrics of the task’s kind, of which more is better', () => {
    for (const { metric, embeddingType } of hearTasks) {
      expect(metricByName(metric)).toMatchObject({ kind: embeddingType, maximize: true });
    }
  });

  it('sorts tasks into 6 of speech, 8 of music and 5 general', () => {
    const count = (category: string) => hearTasks.filter((task) => task.category === category).length;
    expect(['speech', 'music', 'general'].map(count)).toEqual([6, 8, 5]);
  });

  it('finds folders by id, name, title, category and all', () => {
    const ids = (name: string) => foldersByName(name).map(({ id }) => id);
    expect(ids('esc50-v2.0.0-full')).toEqual(['esc50-v2.0.0-full']);
    expect(ids('nsynth_pitch')).toEqual(['nsynth_pitch-v2.2.3-50h', 'nsynth_pitch-v2.2.3-5h']);
    expect(ids('beehive')).toHaveLength(2);
    expect(ids('all')).toHaveLength(20);
    expect(ids('speech')).toHaveLength(6);
    expect(() => foldersByName('esc5')).toThrow(/did you mean 'esc50'/);
  });
});
