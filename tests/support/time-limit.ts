/**
 * Milliseconds after which something that tests wait for counts as hung: a test, a browser's answer, a child process.
 * It only ends what would never end, on any machine however busy; it does not test speed, which is measured in
 * `benchmarks`.
 */
export const timeLimit = 600_000;
