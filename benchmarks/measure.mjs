import { readFileSync } from 'node:fs';
import { platform, resourceUsage } from 'node:process';

/**
 * Milliseconds per call: the median and minimum after some warm-up calls.
 *
 * @param {() => Promise<unknown>} call
 */
export async function measure(call, { warmUp = 5, calls = 30 } = {}) {
  for (let index = 0; index < warmUp; index += 1) await call();
  const times = [];
  for (let index = 0; index < calls; index += 1) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  times.sort((left, right) => left - right);
  return { median: times[Math.floor(times.length / 2)], minimum: times[0] };
}

/** A rising tone with some noise; the content does not affect the time. */
export function testSignal(samples) {
  let state = 1;
  return Float32Array.from({ length: samples }, (_, index) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return 0.3 * Math.sin(1e-6 * index * index) + 0.1 * (state / 1073741824 - 1);
  });
}

/** This process's most resident memory so far, as counted by the operating system, in KiB, including short peaks. */
export function peakBytes() {
  // On Linux, `maxRSS` starts with the memory of the parent process.
  const status = platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
  return 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? resourceUsage().maxRSS);
}
