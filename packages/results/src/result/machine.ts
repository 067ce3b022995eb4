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
