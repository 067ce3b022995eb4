import { HearkenError } from '@hearken/core';

/** Why a job is stopped: its worker ends. */
export class SlotStopped extends Error {
  override name = 'SlotStopped';
}

/** This worker was not started with what a job needs; another one may have been. */
export class NotAllowed extends HearkenError {
  override name = 'NotAllowed';
}

/** The campaign of a job was cancelled. */
export class CampaignCancelled extends Error {
  override name = 'CampaignCancelled';
}

/** Whether something could not be written because there is no room. */
export function isFullDisk(error: unknown): error is Error {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (/^(ENOSPC|EDQUOT)\b/.test(one.message)) return true;
  }
  return false;
}
