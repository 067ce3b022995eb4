/**
 * Milliseconds after which something that tests wait for counts as hung: a test, a browser's answer, a child process. It
 * is there to end what would never end, on any machine and however busy that is, and never to say that something is slow:
 * speed is measured in `benchmarks`.
 */
export const timeLimit = 600_000;
