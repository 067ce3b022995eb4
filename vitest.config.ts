import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { configDefaults, defineConfig } from 'vitest/config';
import { timeLimit } from './tests/support/time-limit.js';

/** The longest first, so that no worker is left alone with one of them at the end: by folder, as a clean checkout knows no times. */
const longest = ['tests/guides/run-guides', 'tests/browser/', 'tests/publishing/', 'tests/hearken', 'tests/'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId, project }: TestSpecification) => {
      // Those that share a process come together, or it would not be kept for them.
      if (project.name === 'unit') return longest.length + 1;
      const path = moduleId.slice(import.meta.dirname.length + 1).replaceAll('\\', '/');
      const index = longest.findIndex((start) => path.startsWith(start));
      return index === -1 ? longest.length : index;
    };
    return (await super.sort(files)).sort((one, other) => place(one) - place(other));
  }
}

const unitTests = 'packages/*/tests/**/*.test.ts';

/** What the tests of a process share besides modules, and whatever else only a fresh process has. */
const changesProcess =
  /\bvi\.(?:mock|doMock|stub\w+|spyOn|useFakeTimers)\(|\bprocess\.(?:chdir|resourceUsage|memoryUsage|env\.\w+ = )/;
/** Hooks of a module that tests import are registered where it is loaded first, and nowhere else. */
const hasHooks = /^(?:before|after)(?:Each|All)\(/m;

/** The modules below a folder of tests that one of them imports, directly and by way of others. */
function helpersOf(path: string, found = new Set<string>()): Set<string> {
  for (const [, name] of readFileSync(path, 'utf8').matchAll(/\bfrom '(\.{1,2}\/[^']+)\.js'/g)) {
    const helper = resolve(path, '..', `${name}.ts`);
    if (!/[/\\]tests[/\\]/.test(helper) || found.has(helper) || !existsSync(helper)) continue;
    helpersOf(helper, found.add(helper));
  }
  return found;
}

/** Unit tests that need a process of their own. */
function unitTestsApart(): string[] {
  const folder = join(import.meta.dirname, 'packages');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
  return names
    .filter((name) => /^[\w-]+\/tests\/.*\.test\.ts$/.test(name))
    .filter((name) => {
      const files = [join(folder, name), ...helpersOf(join(folder, name))].map((path) => readFileSync(path, 'utf8'));
      return files.some((text) => changesProcess.test(text)) || files.slice(1).some((text) => hasHooks.test(text));
    })
    .map((name) => `packages/${name}`);
}

const apart = unitTestsApart();

export default defineConfig({
  // Tests run on the sources: no build in between.
  ssr: { resolve: { conditions: ['@hearken/source', 'node', 'import', 'default'] } },
  resolve: { conditions: ['@hearken/source', 'node', 'import', 'default'] },
  test: {
    projects: [
      // Starting a process and loading the modules takes longer than most unit tests do: they share two of them.
      {
        extends: true,
        test: { name: 'unit', include: [unitTests], exclude: [...configDefaults.exclude, ...apart], isolate: false },
      },
      { extends: true, test: { name: 'apart', include: ['tests/**/*.test.ts', ...apart] } },
    ],
    sequence: { sequencer: LongestFirst },
    testTimeout: timeLimit,
    hookTimeout: timeLimit,
    teardownTimeout: timeLimit,
    expect: { poll: { timeout: timeLimit } },
    pool: 'forks',
    maxWorkers: 2,
  },
});
