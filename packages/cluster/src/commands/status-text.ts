import { durationText, lineOf } from '@hearken/core/internal';
import { resumeText } from '../queue/paused-queue.js';
import type { WorkerRecord } from '../status/campaign-record.js';
import type { RootCounts, RootState } from '../status/read-roots.node.js';
import type { CampaignFailure, CampaignStatus, ClusterStatus, QueueStatus } from '../status/read-status.node.js';

/** Longer lists would hide what matters. */
const mostWorkers = 100;
const mostQueues = 20;
const mostPaused = 5;
const mostCharacters = 300;

const line = (text: string) => lineOf(text, mostCharacters);

/** What a queue is doing, for people. All names in it are untrusted. */
export function statusText(status: ClusterStatus, now = Date.now()): string {
  const { campaigns, older, workers, queues, strange } = status;
  const blocks = [
    headText(status),
    ...campaigns.map((campaign) => campaignText(campaign, now)),
    ...(older > 0 ? [`${counted(older, 'older campaign')} not shown\n`] : []),
    ...workers.slice(0, mostWorkers).map((worker) => workerText(worker, now)),
    ...(workers.length > mostWorkers ? [`and ${counted(workers.length - mostWorkers, 'more worker')}\n`] : []),
    ...queuesText(queues),
    ...(strange.length > 0
      ? [`Entries that this version of Hearken cannot read: ${strange.map(line).join(', ')}\n`]
      : []),
  ];
  return blocks.join('\n');
}

function headText({ queue, notes, campaigns, older, workers }: ClusterStatus): string {
  const slots = workers.reduce((sum, worker) => sum + worker.slots, 0);
  const busy = workers.reduce((sum, { running }) => sum + running.length, 0);
  const parts = [
    campaigns.length === 0 ? 'no campaign' : counted(campaigns.length + older, 'campaign'),
    workers.length === 0 ? 'no worker' : `${counted(workers.length, 'worker')}, ${busy} of ${slots} slots busy`,
  ];
  const lines = [`Queue ${line(queue)}: ${parts.join(', ')}\n`, ...notes.map((note) => `Note: ${line(note)}\n`)];
  const hasWork = campaigns.some(({ state }) => state === 'running' || state === 'waiting');
  if (workers.length === 0 && hasWork) {
    lines.push("Nothing goes on without workers: 'hearken worker --queue URL ...' starts one.\n");
  }
  return lines.join('');
}

function campaignText(campaign: CampaignStatus, now: number): string {
  const { id, name, state, submittedAt, priority, counts, jobs, out, failures, moreFailures } = campaign;
  const title = name === id ? id : `${line(name)} (${id})`;
  const order = priority === 100 ? '' : `, priority ${priority}`;
  const rows: [string, string][] = [['models on tasks', countsText(counts, campaign.roots)]];
  if (jobs.total > 0) rows.push(['jobs', `${jobs.done} of ${jobs.total} of the present stages done`]);
  rows.push(['results', line(out)]);
  const failed = failures.flatMap(failureLines);
  if (moreFailures > 0) failed.push(`and ${moreFailures} more`);
  failed.forEach((text, index) => rows.push([index === 0 ? 'failed' : '', text]));
  return `Campaign ${title}: ${state}, submitted ${agoText(submittedAt, now)}${order}\n${aligned(rows)}`;
}

const words: Readonly<Record<RootState, string>> = {
  ...{ waiting: 'waiting', preparing: 'preparing', embedding: 'embedding', training: 'training', scoring: 'scoring' },
  ...{ unreadable: 'unreadable' },
  ...{ done: 'done', failed: 'failed', removed: 'removed' },
};

/** `12 of 60 done, 2 failed, 5 embedding, 41 waiting`. */
export function countsText(counts: RootCounts, total: number): string {
  const order = [
    'failed',
    'removed',
    'unreadable',
    'scoring',
    'training',
    'embedding',
    'preparing',
    'waiting',
  ] as const;
  const others = order.filter((state) => counts[state] > 0).map((state) => `${counts[state]} ${words[state]}`);
  return [`${counts.done} of ${total} done`, ...others].join(', ');
}

/** What failed, and why: one line, or three if it was one of Hearken's errors. */
function failureLines({ model, task, evaluation, trainFraction, message, parts }: CampaignFailure): string[] {
  const share = trainFraction === undefined ? '' : `, ${trainFraction} of the training clips`;
  const of = `${model} on ${task}${evaluation === undefined ? '' : `, ${evaluation}`}${share}`;
  if (parts === undefined) return [line(`${of}: ${message}`)];
  const { asked, found, fix } = parts;
  return [line(`${of}: ${asked}`), `  found:  ${line(found)}`, `  to do:  ${line(fix)}`];
}

function workerText(worker: WorkerRecord, now: number): string {
  const { host, process, provider, slots, running, startedAt, paused, loads } = worker;
  const busy = `${running.length} of ${counted(slots, 'slot')} busy`;
  const started = `started ${agoText(startedAt, now)}`;
  const head = `Worker ${line(host)} (process ${process}): ${provider}, ${busy}, ${started}, ${counted(loads, 'model')} loaded\n`;
  const rows = [...running]
    .sort((one, other) => one.slot - other.slot)
    .map((job): [string, string] => [`slot ${job.slot}`, jobText(job, now)]);
  return head + (paused === undefined ? '' : `  takes no jobs: ${line(paused)}\n`) + aligned(rows);
}

const kinds: Readonly<Record<string, string | undefined>> = {
  ...{ describe: 'reading the model', manifest: 'hashing', embed: 'embedding', train: 'training', score: 'scoring' },
};

function jobText({ kind, model, task, since, done, total }: WorkerRecord['running'][number], now: number): string {
  // Workers know tasks by their folders.
  const name = task.slice(1 + Math.max(task.lastIndexOf('/'), task.lastIndexOf('\\')));
  const of = model === undefined ? name : `${model} on ${name}`;
  const part = done === undefined || total === undefined ? '' : `, ${done} of ${total}`;
  const what = Object.hasOwn(kinds, kind) ? kinds[kind] : kind;
  return `${line(`${what}, ${of}`)}${part}, for ${durationText((now - Date.parse(since)) / 1000)}`;
}

function queuesText(queues: readonly QueueStatus[]): string[] {
  const used = queues.filter(({ waiting, running, delayed, paused }) => paused || waiting + running + delayed > 0);
  if (used.length === 0) return [];
  const rows = used.slice(0, mostQueues).map(({ name, model, provider, ...counts }) => ({
    name: model === undefined ? 'without a model' : `${line(model)}, ${provider ?? name}`,
    cells: [counts.waiting, counts.running, counts.delayed].map(String),
  }));
  const headings = { name: 'Jobs', cells: ['waiting', 'running', 'tried again'] };
  const widths = headings.cells.map((_, at) => Math.max(...[headings, ...rows].map(({ cells }) => cells[at].length)));
  const width = Math.max(...[headings, ...rows].map(({ name }) => name.length));
  const lines = [headings, ...rows].map(({ name, cells }) =>
    [name.padEnd(width), ...cells.map((cell, at) => cell.padStart(widths[at]))].join('  '),
  );
  const more = used.length - rows.length;
  const paused = used.filter((queue) => queue.paused).slice(0, mostPaused);
  const notes = paused.map(
    ({ name, model }) =>
      `Paused: jobs ${model === undefined ? 'without a model' : `of ${line(model)}`}, so that workers get none; ${resumeText(name)}\n`,
  );
  return [`${lines.join('\n')}\n${more > 0 ? `and ${counted(more, 'more model')}\n` : ''}${notes.join('')}`];
}

function aligned(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}\n`).join('');
}

function agoText(time: string, now: number): string {
  return `${durationText((now - Date.parse(time)) / 1000)} ago`;
}

/** `1 worker`, `3 workers`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
