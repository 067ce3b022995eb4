import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { defineConfig } from 'vitest/config';
import { timeLimit } from './tests/support/time-limit.js';

/** The longest first, so that no worker is left alone with one of them at the end: by folder, as a clean checkout knows no times. */
const longest = ['tests/guides/run-guides', 'tests/browser/', 'tests/publishing/', 'tests/hearken', 'tests/'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const path = moduleId.slice(import.meta.dirname.length + 1).replaceAll('\\', '/');
      const index = longest.findIndex((start) => path.startsWith(start));
      return index === -1 ? longest.length : index;
    };
    return (await super.sort(files)).sort((one, other) => place(one) - place(other));
  }
}

export default defineConfig({
  // Tests run on the sources: no build in between.
  ssr: { resolve: { conditions: ['@hearken/source', 'node', 'import', 'default'] } },
  resolve: { conditions: ['@hearken/source', 'node', 'import', 'default'] },
  test: {
    include: ['packages/*/tests/**/*.test.ts', 'tests/**/*.test.ts'],
    sequence: { sequencer: LongestFirst },
    testTimeout: timeLimit,
    hookTimeout: timeLimit,
    teardownTimeout: timeLimit,
    expect: { poll: { timeout: timeLimit } },
    pool: 'forks',
    maxWorkers: 2,
  },
});
