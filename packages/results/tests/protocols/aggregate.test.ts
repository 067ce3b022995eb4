import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { meanScores, reciprocalRanks, type ModelScores } from '../../src/protocols/aggregate.js';
import type { ProtocolGroup } from '../../src/protocols/protocol.js';
import { protocolByName } from '../../src/protocols/registry.js';

const group = (name: string, titles: readonly string[], metric = 'aucroc'): ProtocolGroup => ({
  name,
  tasks: titles.map((title) => ({ title, folders: [{ taskName: title }], metric })),
});
const scores = (model: string, values: Readonly<Record<string, number>>): ModelScores => ({
  model,
  scores: new Map(Object.entries(values)),
});

describe('reciprocalRanks', () => {
  it("gives OPERA's published mean reciprocal ranks from its published scores", async () => {
    const text = await readFile(new URL('../fixtures/opera-published.csv', import.meta.url), 'utf8');
    const [, head, ...lines] = text.trim().split('\n');
    const rows = lines.map((line) => line.split(','));
    const opera = protocolByName('opera');
    const titles = new Map(opera.groups[0].tasks.map(({ title }) => [title.split(' ')[0], title]));
    const models = head
      .split(',')
      .slice(1)
      .map((model, index) =>
        scores(model, Object.fromEntries(rows.map((row) => [titles.get(row[0])!, Number(row[index + 1])]))),
      );
    const ranking = reciprocalRanks(opera, models);
    expect([ranking.uneven, ranking.missing]).toEqual([[], []]);
    const means = ranking.models.map(({ model, overall }) => [model, Number(overall.mean?.toFixed(3))]);
    expect(means).toEqual([
      ['openSMILE', 0.219],
      ['VGGish', 0.171],
      ['AudioMAE', 0.206],
      ['CLAP', 0.432],
      ['OPERA-CT', 0.694],
      ['OPERA-CE', 0.415],
      ['OPERA-GT', 0.457],
    ]);
  });

  it('takes less for better where the metric does, and gives equal scores the better rank', () => {
    const protocol = { groups: [group('errors', ['x'], 'mae'), group('areas', ['y'])] };
    const models = [scores('a', { x: 1, y: 0.5 }), scores('b', { x: 1, y: 0.7 }), scores('c', { x: 2, y: 0.6 })];
    const ranks = reciprocalRanks(protocol, models).models.map(({ reciprocalRanks: own }) => [
      own.get('x'),
      own.get('y'),
    ]);
    expect(ranks).toEqual([
      [1, 1 / 3],
      [1, 1],
      [1 / 3, 1 / 2],
    ]);
    expect(reciprocalRanks(protocol, models).models[0].groups).toMatchObject({
      errors: { mean: 1, tasks: ['x'] },
      areas: { mean: 1 / 3 },
    });
  });

  it('counts only tasks that all models have, and names the others', () => {
    const protocol = { groups: [group('all', ['x', 'y', 'z'])] };
    const ranking = reciprocalRanks(protocol, [scores('a', { x: 1, y: 1 }), scores('b', { x: 0.5 })]);
    expect(ranking).toMatchObject({ uneven: ['y'], missing: ['z'] });
    expect(ranking.models.map(({ overall }) => overall)).toEqual([
      { mean: 1, tasks: ['x'] },
      { mean: 0.5, tasks: ['x'] },
    ]);
    expect(reciprocalRanks(protocol, []).models).toEqual([]);
  });

  it('has one first model on each task, and means of 1/n to 1', () => {
    const titles = ['x', 'y', 'z'];
    const table = fc.array(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(table, (rows) => {
        const models = rows.map((row, index) =>
          scores(`m${index}`, Object.fromEntries(titles.map((title, task) => [title, row[task]]))),
        );
        const ranking = reciprocalRanks({ groups: [group('all', titles)] }, models);
        for (const title of titles) {
          expect(Math.max(...ranking.models.map((model) => model.reciprocalRanks.get(title)!))).toBe(1);
        }
        for (const { overall } of ranking.models) {
          expect(overall.mean).toBeGreaterThanOrEqual(1 / rows.length - 1e-12);
          expect(overall.mean).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe('meanScores', () => {
  it('names the tasks that each mean is over', () => {
    const protocol = { groups: [group('a', ['x', 'y']), group('b', ['z'])] };
    expect(meanScores(protocol, scores('m', { x: 0.2, y: 0.4 }))).toEqual({
      groups: { a: { mean: expect.closeTo(0.3) as number, tasks: ['x', 'y'] }, b: { mean: null, tasks: [] } },
      overall: { mean: expect.closeTo(0.3) as number, tasks: ['x', 'y'] },
    });
  });
});
