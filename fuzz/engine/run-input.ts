import { mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isHearkenError } from '@hearken/core';
import type { Files } from '../mutate/files.js';
import type { Target } from './target.js';

/** How a target handled an input. */
export interface Outcome {
  /** `read`: it returned an answer; `refused`: it threw an expected error; `wrong`: any other error. */
  readonly kind: 'read' | 'refused' | 'wrong';
  /** Name, message and stack of an error; '' for none. */
  readonly error: string;
}

/** A folder in memory if possible, otherwise on disk. */
const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Runs a target on an input. */
export async function runInput(target: Target, files: Files): Promise<Outcome> {
  let made: string | undefined;
  const folder = async () => (made ??= await mkdtemp(join(scratch, 'hearken-fuzz-')));
  try {
    await target.run(files, { folder });
    return { kind: 'read', error: '' };
  } catch (error) {
    return judge(target, error);
  } finally {
    if (made !== undefined) await rm(made, { recursive: true, force: true });
  }
}

function judge({ allowed }: Target, error: unknown): Outcome {
  if (!(error instanceof Error)) return { kind: 'wrong', error: `thrown: ${String(error)}` };
  const said = `${error.name}: ${error.message}`;
  if (isHearkenError(error) && allowed.includes(error.name)) {
    const parts = [error.asked, error.found, error.fix];
    if (parts.every((part) => part !== '')) return { kind: 'refused', error: said };
    return { kind: 'wrong', error: `an error without all of its parts: ${said}` };
  }
  const cause = error.cause instanceof Error ? `\ncaused by ${error.cause.stack ?? error.cause.message}` : '';
  return { kind: 'wrong', error: `${error.stack ?? said}${cause}` };
}
