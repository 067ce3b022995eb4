import { setTimeout as wait } from 'node:timers/promises';

/** Resolves after some time, or at once if the signal aborts. */
export async function pause(milliseconds: number, abortSignal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal: abortSignal }).catch(() => undefined);
}
