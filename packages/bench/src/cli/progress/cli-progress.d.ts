/** Types for the part of cli-progress that is used here; the package has none. */
declare module 'cli-progress' {
  export class SingleBar {
    constructor(options: Readonly<Record<string, unknown>>, preset: unknown);
    start(total: number, value: number, payload: Readonly<Record<string, string>>): void;
    update(value: number, payload: Readonly<Record<string, string>>): void;
    stop(): void;
  }
  export const Presets: Readonly<Record<'shades_classic', unknown>>;
  const cliProgress: { SingleBar: typeof SingleBar; Presets: typeof Presets };
  namespace cliProgress {
    export type SingleBar = InstanceType<typeof import('cli-progress').SingleBar>;
  }
  export default cliProgress;
}
