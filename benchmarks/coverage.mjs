// Prints how often the 95% intervals of results contain the true score, over simulated test clips with a known true score:
// `node benchmarks/coverage.mjs [trials]`. The guide on evaluation has the table of 600 trials.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const trials = process.argv[2] ?? '2000';
if (!/^[1-9]\d*$/.test(trials)) {
  console.error(`benchmark of coverage with ${trials} trials: pass a whole number, 1 or more`);
  process.exit(2);
}
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const { status } = spawnSync(process.execPath, [vitest, 'run', 'packages/metrics/tests/intervals/coverage.test.ts'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, HEARKEN_COVERAGE_TRIALS: trials },
});
process.exit(status ?? 1);
