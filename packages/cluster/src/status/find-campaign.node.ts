import type { Redis } from 'ioredis';
import { didYouMean } from '@hearken/core';
import type { OpenQueue } from '../queue/connect.node.js';
import { campaignsKey } from '../queue/names.js';
import { QueueError } from '../queue/queue-error.js';
import { hashEntries, hashValue } from './bounded-reads.node.js';
import type { CampaignRecord } from './campaign-record.js';
import { isCampaignId, parseCampaignRecord } from './records.js';

/** Campaigns beyond this number are not looked at. */
const mostCampaigns = 10_000;
/** More names would not help whoever mistyped one. */
const mostShown = 10;

/** The campaigns of a queue, newest first, and the number of entries that are none. */
export async function readCampaigns(
  redis: Redis,
): Promise<{ readonly campaigns: CampaignRecord[]; readonly strange: number }> {
  const campaigns = new Map<string, CampaignRecord>();
  const strange = new Set<string>();
  for await (const [id, written] of hashEntries(redis, campaignsKey)) {
    const record = parseCampaignRecord(written);
    if (record?.id === id) campaigns.set(id, record);
    else strange.add(id);
    if (campaigns.size + strange.size >= mostCampaigns) break;
  }
  const newestFirst = (one: CampaignRecord, other: CampaignRecord) =>
    Date.parse(other.submittedAt) - Date.parse(one.submittedAt) || (one.id < other.id ? -1 : 1);
  return { campaigns: [...campaigns.values()].sort(newestFirst), strange: strange.size };
}

/**
 * A campaign by its id, or by its name if only one has that name.
 *
 * @throws QueueError if the queue has no such campaign, or several of that name
 */
export async function findCampaign({ redis, shown }: OpenQueue, wanted: string): Promise<CampaignRecord> {
  if (isCampaignId(wanted)) {
    const record = parseCampaignRecord((await hashValue(redis, campaignsKey, wanted)) ?? '');
    if (record?.id === wanted) return record;
  }
  const { campaigns } = await readCampaigns(redis);
  const named = campaigns.filter(({ name }) => name === wanted);
  if (named.length === 1) return named[0];
  const asked = `campaign '${wanted.slice(0, 80)}' in the queue ${shown}`;
  if (named.length > 1) {
    throw new QueueError({
      asked,
      found: `${named.length} campaigns of that name`,
      fix: `name it by its id: ${listed(named)}`,
    });
  }
  const meant = didYouMean(
    wanted.slice(0, 80),
    campaigns.flatMap(({ id, name }) => [id, name]),
  );
  throw new QueueError({
    asked,
    found: 'no such campaign',
    fix: campaigns.length === 0 ? 'there are none in this queue' : `${meant}there are ${listed(campaigns)}`,
  });
}

function listed(campaigns: readonly CampaignRecord[]): string {
  const texts = campaigns.slice(0, mostShown).map(({ id, name }) => (name === id ? id : `${id} (${name})`));
  const more = campaigns.length - texts.length;
  return texts.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
