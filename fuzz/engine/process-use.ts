import { readFileSync } from 'node:fs';

/** Resources used by a process. */
export interface ProcessUse {
  /** Processor seconds, including those of ended children. */
  readonly seconds: number;
  /** Bytes of its resident set. */
  readonly memory: number;
}

/** Ticks per second and bytes per page, which are the same on all Linux machines that Node.js supports. */
const [ticks, pageBytes] = [100, 4096];

/** Read from Linux's `/proc`; undefined on other systems and for a process that has ended. */
export function processUse(id: number): ProcessUse | undefined {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'latin1');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return { seconds: (fields[11] + fields[12] + fields[13] + fields[14]) / ticks, memory: fields[21] * pageBytes };
  } catch {
    return undefined;
  }
}
