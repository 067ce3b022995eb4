import { arch, cpus, platform, totalmem } from 'node:os';
import type { Machine } from '../format/result.js';

/** The machine that this runs on. */
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

/** The most memory that this process has held so far, in bytes. */
export function peakMemoryBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
