import { arch, cpus, platform, totalmem } from 'node:os';

/** The machine that a result was computed on. */
export interface Machine {
  /** Version of Node.js. */
  readonly node: string;
  /** Operating system, as Node.js calls it: `linux`, `darwin`, `win32`. */
  readonly platform: string;
  /** Processor architecture, as Node.js calls it: `x64`, `arm64`. */
  readonly architecture: string;
  /** Model of the first processor. */
  readonly processor: string;
  /** Logical cores. */
  readonly cores: number;
  /** Main memory. */
  readonly memoryBytes: number;
}

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
