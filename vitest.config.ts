import { defineConfig } from 'vitest/config';
import { timeLimit } from './tests/support/time-limit.js';

export default defineConfig({
  // Tests run on the sources: no build in between.
  ssr: { resolve: { conditions: ['@hearken/source', 'node', 'import', 'default'] } },
  resolve: { conditions: ['@hearken/source', 'node', 'import', 'default'] },
  test: {
    include: ['packages/*/tests/**/*.test.ts', 'tests/**/*.test.ts'],
    testTimeout: timeLimit,
    hookTimeout: timeLimit,
    teardownTimeout: timeLimit,
    expect: { poll: { timeout: timeLimit } },
    pool: 'forks',
    maxWorkers: 2,
  },
});
