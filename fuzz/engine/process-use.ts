import { readFileSync } from 'node:fs';

/** What a process has used. */
export interface ProcessUse {
  /** Seconds of processor time, its own and that of children that have ended. */
  readonly seconds: number;
  /** Bytes of its resident set. */
  readonly memory: number;
}

/** Ticks of a second and bytes of a page, as Linux has them on all machines that Node.js runs on. */
const [ticks, pageBytes] = [100, 4096];

/** From Linux's `/proc`; undefined elsewhere, and for a process that has gone. */
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
