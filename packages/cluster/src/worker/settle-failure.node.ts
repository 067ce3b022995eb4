import { isHearkenError } from '@hearken/core';
import { UnrecoverableError } from 'bullmq';
import { ChildDied } from '../child/child-process.node.js';
import type { JobProgress } from '../child/messages.js';
import { failureOf, failureText } from '../jobs/failure-text.js';
import type { JobScope } from '../jobs/job-data.js';
import { type HeldJob, JobLost } from './held-jobs.node.js';
import { pause } from './pause.node.js';
import { CampaignCancelled, isFullDisk, NotAllowed, SlotStopped } from './slot-errors.js';
import { plainProgress, sayOf, type SlotTools } from './slot-tools.js';

const mostStackCharacters = 10_000;

/**
 * Says what became of a job that has no result; whatever is refused because the job was lost does not matter.
 *
 * @param advanced how far the job is, if the attempt before this one has finished some of it
 */
export async function settleFailure(
  tools: SlotTools,
  { job, token }: HeldJob,
  error: unknown,
  advanced: JobProgress | undefined,
): Promise<void> {
  if (error instanceof JobLost) {
    sayOf(tools, job, 'taken over by another worker');
  } else if (error instanceof SlotStopped) {
    await job.moveToWait(token);
  } else if (error instanceof ChildDied && advanced !== undefined) {
    // The attempt before this one has finished something, so the attempts lead somewhere, and are not counted.
    sayOf(tools, job, error.message);
    await job.updateProgress(plainProgress(advanced));
    await job.moveToWait(token);
  } else if (isFullDisk(error)) {
    await job.moveToWait(token);
    tools.onFullDisk(error);
  } else if (error instanceof CampaignCancelled) {
    const { campaign } = job.data as JobScope;
    if (!(await tools.isCancelled(campaign))) await job.moveToWait(token);
    else await job.moveToFailed(new UnrecoverableError('the campaign was cancelled'), token, false);
  } else {
    const text = failureText(error);
    sayOf(tools, job, failureOf(text).message);
    await job.moveToFailed(storedError(error, text), token, false);
    // It is tried again; meanwhile another worker may take it.
    if (error instanceof NotAllowed) await pause(tools.refusedMilliseconds, tools.abortSignal);
  }
}

/** An error as the queue keeps it, with the stack trace of the original. */
function storedError(error: unknown, text: string): Error {
  // The same job would fail the same way; only a process that died, or another worker, may have had another reason.
  const mayPass = error instanceof ChildDied || error instanceof NotAllowed;
  const isFinal = error instanceof UnrecoverableError || (isHearkenError(error) && !mayPass);
  const stored = isFinal ? new UnrecoverableError(text) : new Error(text);
  if (error instanceof Error && error.stack !== undefined) stored.stack = error.stack.slice(0, mostStackCharacters);
  return stored;
}
