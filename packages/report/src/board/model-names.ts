import { recipeOfTrained } from '@hearken/results/internal';
import { modelName } from '@hearken/results';
import type { ReportResult } from '../read/report-result.js';
import type { ResultGroup } from './group-results.js';

/** Longer option values are cut: short ones are enough to tell models apart. */
const longestValue = 24;

/** Options in readable form: `melBands 16, window hann`. */
export function optionsText(options: Readonly<Record<string, unknown>>): string {
  return Object.entries(options)
    .map(([name, value]) => optionText(name, value))
    .join(', ');
}

/** A name for each group of results, with whatever tells it from others of the same title, and nothing else. */
export function distinguishedNames(titles: readonly string[], groups: readonly ResultGroup[]): string[] {
  return groups.map((group, index) => {
    const alike = groups.filter((_, other) => titles[other] === titles[index]).map(({ all }) => all[0]);
    if (alike.length === 1) return titles[index];
    const differences = differing(alike).flatMap((tell) => tell(group.all[0]) || []);
    return differences.length === 0 ? titles[index] : `${titles[index]} (${differences.join(', ')})`;
  });
}

type Tell = (result: ReportResult) => string;

function differing(alike: readonly ReportResult[]): Tell[] {
  const options = [...new Set(alike.flatMap(({ model }) => Object.keys(model.options)))];
  const tells: Tell[] = [
    ({ model }) => modelName(model),
    ({ evaluation: { probe, pca } }) => {
      if (probe === 'head') return 'pretrained head';
      const recipe = recipeOfTrained(probe);
      if (recipe !== undefined) return `fine-tuned, ${recipe}`;
      return pca === null ? probe : `${probe} pca ${pca}`;
    },
    ({ model: { checkpointSha256 } }) =>
      checkpointSha256 === null ? 'no checkpoint' : `@${checkpointSha256.slice(0, 8)}`,
    ...options.map(
      (name): Tell =>
        ({ model }) =>
          Object.hasOwn(model.options, name) ? optionText(name, model.options[name]) : `no ${name}`,
    ),
  ];
  return tells.filter((tell) => new Set(alike.map(tell)).size > 1);
}

function optionText(name: string, value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `${name} ${text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text}`;
}
