import { checkWritable } from '@hearken/core/node';
import { pause } from './pause.node.js';

/** How often a worker without room on its disk looks whether there is some, in ms. */
const roomEvery = 15_000;
/** How often a slot looks whether it may go on, in ms. */
const askEvery = 200;

/** Lets slots take no jobs while the disk is full. */
export class DiskWatch {
  /** Why no jobs are taken. */
  paused: string | undefined;

  constructor(
    private readonly cache: string,
    private readonly say: (line: string) => void,
    private readonly abortSignal: AbortSignal,
  ) {}

  /** Something could not be written because there is no room. */
  onFull(error: Error): void {
    if (this.paused === undefined) this.say(`paused: ${error.message}`);
    this.paused = error.message;
  }

  /** Resolves when jobs may be taken, or the worker ends. */
  async mayTake(): Promise<void> {
    while (this.paused !== undefined && !this.abortSignal.aborted) await pause(askEvery, this.abortSignal);
  }

  /** Looks for room until the worker ends. */
  async run(): Promise<void> {
    while (!this.abortSignal.aborted) {
      await pause(roomEvery, this.abortSignal);
      if (this.paused !== undefined && (await hasRoom(this.cache))) {
        this.paused = undefined;
        this.say('there is room on the disk again: goes on');
      }
    }
  }
}

async function hasRoom(folder: string): Promise<boolean> {
  return checkWritable(folder).then(
    () => true,
    () => false,
  );
}
