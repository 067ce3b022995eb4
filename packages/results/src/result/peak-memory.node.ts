import { readFile, writeFile } from 'node:fs/promises';
import { peakMemoryBytes } from './machine.node.js';

/** Sets the peak memory of this process to what it uses now, if the system can do that. */
export async function forgetPeakMemory(): Promise<void> {
  if (process.platform === 'linux') await writeFile('/proc/self/clear_refs', '5').catch(() => undefined);
}

/**
 * Peak memory of this process in bytes since it was last reset; on systems other than Linux, since the process started.
 */
export async function recentPeakMemoryBytes(): Promise<number> {
  const status = process.platform === 'linux' ? await readFile('/proc/self/status', 'utf8').catch(() => '') : '';
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? peakMemoryBytes() : 1024 * Number(kibibytes);
}
