// The guides and design notes in the order in which the site lists them. The front matter of a page says its title and group.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './public-entries.mjs';

export const groups = ['Start', 'Models and plugins', 'Evaluation', 'Results', 'Browser', 'Reference', 'Design'];

const order = [
  'first-benchmark',
  'hear-in-python-and-typescript',
  'writing-a-plugin',
  'making-a-model-trainable',
  'streaming',
  'evaluation',
  'hear-tasks',
  'adding-a-task',
  'predict',
  'datasets',
  'protocols',
  'custom-metrics-and-probes',
  'campaigns',
  'cluster',
  'slurm',
  'kubernetes',
  'reading-a-result',
  'reproducing-a-number',
  'leaderboard',
  'playground',
  'web',
  'commands',
  'upgrading',
  'architecture',
];

const place = (file) => {
  const index = order.indexOf(file.replace(/\.md$/, ''));
  return index < 0 ? order.length : index;
};

/** Paths relative to the repository's root; a guide that is not in the list comes last in its group. */
export const guideFiles = readdirSync(join(root, 'docs/guides'))
  .filter((file) => file.endsWith('.md'))
  .sort((left, right) => place(left) - place(right) || left.localeCompare(right))
  .map((file) => `docs/guides/${file}`);

/** The design notes, by name. */
export const designFiles = readdirSync(join(root, 'docs/design'))
  .filter((file) => file.endsWith('.md'))
  .sort()
  .map((file) => `docs/design/${file}`);

/** The languages that need syntax colouring: those of code blocks in sources and in these files. */
export function fenceLanguages(files) {
  const texts = files.map((file) => join(root, file)).filter((path) => existsSync(path));
  const named = texts.flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/^ *```([a-z]+)/gm)]);
  const languages = new Set(['typescript', 'javascript', ...named.map(([, language]) => language)]);
  // Plain text is not coloured.
  languages.delete('text');
  return [...languages];
}
