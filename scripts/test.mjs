// `npm test`: installs what is missing, builds what is stale, checks style and types, runs the tests.
// Arguments go to Vitest (`npm test -- packages/core`); with arguments only the tests run.
// The last line is always `N passed, N failed`, where a failed check counts as one failure.
import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPackages, checkNode, installPackages, runTool, startTool } from './prepare.mjs';
import { installDebianPackages } from './install-debian-packages.mjs';

checkNode();
installPackages();
// Tests that need a browser or a server of queues are skipped without it, but not in continuous integration.
if (process.env.CI) installDebianPackages();

const args = process.argv.slice(2);
const checks =
  args.length > 0
    ? []
    : [
        { name: 'lint', tool: 'eslint', args: ['.', '--max-warnings', '0'] },
        { name: 'format', tool: 'prettier', args: ['--check', '--log-level', 'warn', '.'] },
        { name: 'types', tool: 'typescript', args: ['--noEmit', '-p', 'tsconfig.check.json'] },
      ];

// The build comes first because the other checks read its output. They run in parallel, as they change no files.
const failedChecks = [
  ...(await timed('build', buildPackages)),
  ...(await Promise.all(checks.map(({ name, tool, args }) => timed(name, () => startTool(tool, args))))).flat(),
];

const folder = mkdtempSync(join(tmpdir(), 'hearken-test-'));
const report = join(folder, 'vitest.json');
const status = runTool('vitest', [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...args,
]);
const { passed, failed } = countTests(report);
rmSync(folder, { recursive: true, force: true });

if (failedChecks.length > 0) console.log(`failed checks: ${failedChecks.join(', ')}`);
const failures = failed + failedChecks.length;
// Vitest can fail without a failed test: an unhandled error, or no test found.
const unexplained = status !== 0 && failures === 0 ? 1 : 0;
if (unexplained > 0) console.log(`vitest ended with status ${status}`);
console.log(`${passed} passed, ${failures + unexplained} failed`);
process.exitCode = failures + unexplained > 0 ? 1 : 0;

/** Runs a check, prints its outcome, and returns its name if it failed. */
async function timed(name, run) {
  const start = performance.now();
  const status = await run();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${name}: ${status === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
  return status === 0 ? [] : [name];
}

function countTests(path) {
  if (!existsSync(path)) return { passed: 0, failed: 0 };
  const results = JSON.parse(readFileSync(path, 'utf8'));
  // A test file that could not be loaded has no tests to count.
  const unloaded = results.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return { passed: results.numPassedTests, failed: results.numFailedTests + unloaded.length };
}
