// Follows every guide exactly, outside the workspace, with the packages as they would be published.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outsideProject, type OutsideProject } from '../support/outside-project.js';
import { linkTools } from './support/guide-project.js';
import { readGuides, readReadmes, root } from './support/pages.js';
import { missingPrograms, runGuide } from './support/run-guide.js';
import { typeErrors } from './support/type-check.js';

let project: OutsideProject | undefined;
let folder = '';
const guides = readGuides();

beforeAll(async () => {
  project = await outsideProject();
  folder = project.folder;
  await linkTools(folder);
});

afterAll(() => project?.remove());

describe('guides', () => {
  /** The folders that guides left, by name: other guides continue in a copy. */
  const folders = new Map<string, Promise<string>>();

  function follow(name: string): Promise<string> {
    const guide = guides.find((candidate) => candidate.name === name);
    if (guide === undefined) throw new Error(`no guide is called '${name}'`);
    const before = guide.frontMatter.after;
    const start = before === undefined ? Promise.resolve(undefined) : follow(before);
    const left = folders.get(name) ?? start.then((after) => runGuide(guide, folder, after));
    folders.set(name, left);
    return left;
  }

  for (const guide of guides) {
    const { name } = guide;
    const missing = missingPrograms(guide).join(', ');
    // Continuous integration installs them.
    const isSkipped = missing !== '' && process.env.GITHUB_ACTIONS !== 'true';
    if (isSkipped) console.log(`The guide ${name} is skipped: ${missing} is missing`);
    it.skipIf(isSkipped)(name, async () => void (await follow(name)));
  }
});

it('name every field of a result', () => {
  const results = join(folder, 'guides/reading-a-result/results-16/baseline-mel');
  const [file] = readdirSync(results).filter((name) => name.endsWith('.json'));
  const fields = Object.keys(JSON.parse(readFileSync(join(results, file), 'utf8')) as object);
  const page = readFileSync(join(root, 'docs/guides/reading-a-result.md'), 'utf8');
  expect(fields.filter((field) => !new RegExp('`' + field + '\\b').test(page))).toEqual([]);
});

it('show TypeScript that type-checks, and so do the READMEs', async () => {
  expect(await typeErrors([...guides, ...readReadmes()], folder)).toEqual([]);
});
