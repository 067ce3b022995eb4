/** Types for the part of cli-progress that is used here; the package has none. */
declare module 'cli-progress' {
  export interface Bar {
    update(value: number, payload: Readonly<Record<string, string>>): void;
  }
  export class SingleBar implements Bar {
    constructor(options: Readonly<Record<string, unknown>>, preset: unknown);
    start(total: number, value: number, payload: Readonly<Record<string, string>>): void;
    update(value: number, payload: Readonly<Record<string, string>>): void;
    stop(): void;
  }
  export class MultiBar {
    constructor(options: Readonly<Record<string, unknown>>, preset: unknown);
    create(total: number, value: number, payload: Readonly<Record<string, string>>): Bar;
    stop(): void;
  }
  export const Presets: Readonly<Record<'shades_classic', unknown>>;
  const cliProgress: { SingleBar: typeof SingleBar; MultiBar: typeof MultiBar; Presets: typeof Presets };
  namespace cliProgress {
    export type Bar = import('cli-progress').Bar;
  }
  export default cliProgress;
}
