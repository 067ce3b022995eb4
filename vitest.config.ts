import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Tests run on the sources: no build in between.
  ssr: { resolve: { conditions: ['@hearken/source', 'node', 'import', 'default'] } },
  resolve: { conditions: ['@hearken/source', 'node', 'import', 'default'] },
  test: {
    include: ['packages/*/tests/**/*.test.ts', 'tests/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
