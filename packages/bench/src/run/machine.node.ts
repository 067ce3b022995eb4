import { arch, cpus, platform, totalmem } from 'node:os';

/** The machine that a result was computed on. */
export interface Machine {
  /** Version of Node.js. */
  readonly node: string;
  readonly platform: string;
  readonly architecture: string;
  readonly processor: string;
  /** Logical cores. */
  readonly cores: number;
  readonly memoryBytes: number;
}

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
