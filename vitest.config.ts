import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { configDefaults, defineConfig } from 'vitest/config';
import { timeLimit } from './tests/support/time-limit.js';

/** Runs the longest tests first, so that no worker has to wait for one at the end. It goes by folder, because a clean checkout has no timings. */
const longest = ['tests/guides/run-guides', 'tests/browser/', 'tests/publishing/', 'tests/hearken', 'tests/'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId, project }: TestSpecification) => {
      // Tests that share a process must be next to each other, or the process would not be reused.
      if (project.name === 'unit') return longest.length + 1;
      const path = moduleId.slice(import.meta.dirname.length + 1).replaceAll('\\', '/');
      const index = longest.findIndex((start) => path.startsWith(start));
      return index === -1 ? longest.length : index;
    };
    return (await super.sort(files)).sort((one, other) => place(one) - place(other));
  }
}

const unitTests = 'packages/*/tests/**/*.test.ts';

/** Signs that a test changes more of its process than its modules, or needs a fresh process. */
const changesProcess =
  /\bvi\.(?:mock|doMock|stub\w+|spyOn|useFakeTimers)\(|\bprocess\.(?:chdir|resourceUsage|memoryUsage|env\.\w+ = )/;
/** A module that registers hooks only does so in the first test file that loads it. */
const hasHooks = /^(?:before|after)(?:Each|All)\(/m;

/** The modules below a folder of tests that a test imports, directly or indirectly. */
function helpersOf(path: string, found = new Set<string>()): Set<string> {
  for (const [, name] of readFileSync(path, 'utf8').matchAll(/\bfrom '(\.{1,2}\/[^']+)\.js'/g)) {
    const helper = resolve(path, '..', `${name}.ts`);
    if (!/[/\\]tests[/\\]/.test(helper) || found.has(helper) || !existsSync(helper)) continue;
    helpersOf(helper, found.add(helper));
  }
  return found;
}

/** Unit tests that need a separate process. */
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
  // Tests run on the sources, without a build.
  ssr: { resolve: { conditions: ['@hearken/source', 'node', 'import', 'default'] } },
  resolve: { conditions: ['@hearken/source', 'node', 'import', 'default'] },
  test: {
    projects: [
      // Starting a process and loading modules takes longer than most unit tests, so they share two processes.
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
