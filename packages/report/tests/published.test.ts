import { readdir, readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import efficientat from '@hearken/plugin-efficientat';
import { describe, expect, it } from 'vitest';
import { leaderboard } from '@hearken/tasks/internal';
import { publishedScore, standardizedScore } from '@hearken/results/internal';
import { operaModels, operaReciprocalRanks } from '../src/board/opera.js';
import { publishedModels } from '../src/board/published-models.js';
import { slugMaker } from '../src/board/slugs.js';
import { type PublishedTable, publishedTables } from '../src/generated/published.js';

const folder = new URL('../src/published/', import.meta.url);

describe('published tables', () => {
  it('are what the CSVs say, and all of them', async () => {
    const names = (await readdir(folder)).map((name) => name.replace(/\.csv$/, '')).sort();
    expect(Object.keys(publishedTables).sort()).toEqual(names);
    for (const [name, table] of Object.entries(publishedTables) as [string, PublishedTable][]) {
      const written = [[...table.columns, 'source'], ...table.rows.map((row) => [...row, table.source])];
      expect(written, name).toEqual(parse(await readFile(new URL(`${name}.csv`, folder), 'utf8')));
    }
  });

  it("give OPERA's mean reciprocal ranks", () => {
    expect(operaModels).toEqual(['openSMILE', 'VGGish', 'AudioMAE', 'CLAP', 'OPERA-CT', 'OPERA-CE', 'OPERA-GT']);
    expect(operaReciprocalRanks().map((rank) => rank.toFixed(3))).toEqual([
      '0.219',
      '0.171',
      '0.206',
      '0.432',
      '0.694',
      '0.415',
      '0.457',
    ]);
  });
});

describe('published models', () => {
  const models = publishedModels(slugMaker());
  const byName = (name: string) => models.find((model) => model.name === name)!;

  it.each([
    ['Logitech AI SERAB BYOL-S', 79.57],
    ['OpenL3', 75.52],
    ['RedRice EfficientNet-B2', 71.65],
    ['CVSSP PANNS', 62.47],
  ])('have the published average: %s %d', (name, average) => {
    expect((100 * byName(name).normalized!.value).toFixed(2)).toBe(average.toFixed(2));
  });

  it("have EfficientAT's sizes, and no mean where none was published", () => {
    expect(byName('EfficientAT mn10')).toMatchObject({ parameters: 4_880_000, macs: 0.54e9 });
    expect(byName('EfficientAT mn10').normalized!.value).toBeCloseTo(0.8622, 10);
    expect(byName('EfficientAT mn04').normalized).toBeNull();
    expect(models.every(({ origin }) => origin === 'published')).toBe(true);
    expect(new Set(models.map(({ slug }) => slug)).size).toBe(models.length);
  });
});

it('are the sizes that plugin EfficientAT gives of its models', () => {
  const { rows } = publishedTables['efficientat-widths'];
  for (const [name, millions, billions] of rows) {
    for (const model of [`${name}_as`, `${name}_as_ext`, `${name}_as_no_im_pre`]) {
      if (!Object.hasOwn(efficientat.models, model)) continue;
      const { parameters = 0, multiplyAdds = 0 } = efficientat.models[model];
      expect([parameters / 1e6, multiplyAdds / 1e9]).toEqual([Number(millions), Number(billions)]);
    }
  }
  expect(efficientat.models.mn10_as_hop_5.multiplyAdds).toBeUndefined();
});

describe('the standardised score', () => {
  it('has mean 0 and deviation 1 over the submissions, before it is cut', () => {
    const scores = leaderboard
      .filter(({ submitted }) => submitted === 'HEAR 2021')
      .map((row) => publishedScore(row, 'ESC-50'))
      .filter((score) => score !== null);
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    const deviation = Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length);
    expect(standardizedScore('ESC-50', mean)).toBeCloseTo(0, 12);
    expect(standardizedScore('ESC-50', mean + deviation / 2)).toBeCloseTo(0.5, 12);
    expect(standardizedScore('ESC-50', mean + 2 * deviation)).toBe(1);
    expect(standardizedScore('ESC-50', 0)).toBe(-1);
  });
});
