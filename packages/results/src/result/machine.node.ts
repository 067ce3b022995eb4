import { arch, cpus, platform, totalmem } from 'node:os';
import type { Machine } from '../format/result.js';

/** Describes this machine. */
export function thisMachine(): Machine {
  const processors = cpus();
  return {
    node: process.versions.node,
    platform: platform(),
    architecture: arch(),
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
  };
}

/** Peak memory of this process so far, in bytes. */
export function peakMemoryBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
