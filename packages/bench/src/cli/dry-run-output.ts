import { type CampaignJob, displayName, type JobEstimate } from '@hearken/campaigns';
import { durationText } from '@hearken/core/internal';
import { modelName } from '@hearken/results';
import type { MeasuredModel } from '../run/plan-costs.node.js';
import { megabytes } from './progress/download-progress.js';
import { tableText } from './table.js';

/** A job with what is known of it. */
export interface PlannedJob {
  readonly job: CampaignJob;
  /** The file of its result, if it is finished. */
  readonly file: string | undefined;
  readonly estimate: JobEstimate | undefined;
  /** Why nothing will come of it. */
  readonly problem: string | undefined;
}

function totalsOf(planned: readonly PlannedJob[], measured: ReadonlyMap<string, MeasuredModel>) {
  const sum = (of: (estimate: JobEstimate) => number) =>
    planned.reduce((total, { estimate }) => total + (estimate === undefined ? 0 : of(estimate)), 0);
  const open = new Set(planned.filter(({ file }) => file === undefined).map(({ job }) => job.model.name));
  const models = [...measured].filter(([name]) => open.has(name)).map(([, { estimate }]) => estimate);
  const embedSeconds = sum((estimate) => estimate.embedSeconds);
  const probeSeconds = sum((estimate) => estimate.probeSeconds);
  const loadSeconds = models.reduce((total, model) => total + model.loadSeconds, 0);
  return {
    jobs: planned.length,
    finished: planned.filter(({ file }) => file !== undefined).length,
    failing: planned.filter(({ file, problem }) => file === undefined && problem !== undefined).length,
    ...{ embedSeconds, probeSeconds, loadSeconds, seconds: embedSeconds + probeSeconds + loadSeconds },
    memoryBytes: Math.max(0, ...models.map(({ memoryBytes }) => memoryBytes)),
    diskBytes: sum((estimate) => estimate.diskBytes),
    isComplete: planned.every(({ estimate }) => estimate !== undefined),
  };
}

/** The plan as a table, with totals and what they rest on. */
export function planText(planned: readonly PlannedJob[], measured: ReadonlyMap<string, MeasuredModel>): string {
  const numbers = ['clips', 'embedding', 'probe', 'disk'];
  const rows = planned.map(({ job, file, estimate, problem }) => {
    const { evaluation, trainFraction } = job;
    const way = `${evaluation?.name ?? ''}${trainFraction === undefined ? '' : `, ${trainFraction} of the training clips`}`;
    const state = file === undefined ? (problem ?? 'to do') : 'finished';
    const cells =
      file !== undefined || estimate === undefined
        ? ['', '', '']
        : [durationText(estimate.embedSeconds), durationText(estimate.probeSeconds), bytesText(estimate.diskBytes)];
    const model = measured.get(job.model.name);
    const name = model === undefined ? job.model.name : displayName(job.model, modelName(model.named));
    return [name, job.task, way, job.clips === 0 ? '' : String(job.clips), ...cells, state];
  });
  const table = tableText(['model', 'task', 'evaluation', ...numbers, 'state'], rows, numbers);
  const totals = totalsOf(planned, measured);
  const parts = [
    `${totals.finished} finished`,
    ...(totals.failing > 0 ? [`${totals.failing} that cannot be computed`] : []),
  ];
  const open = totals.jobs - totals.finished - totals.failing;
  return [
    table,
    `${totals.jobs} jobs: ${parts.join(', ')}, ${open} to do\n`,
    open === 0
      ? ''
      : `About ${durationText(totals.seconds)} (loading ${durationText(totals.loadSeconds)}, embedding ${durationText(totals.embedSeconds)}, probes ${durationText(totals.probeSeconds)})${totals.isComplete ? '' : ', without what is not known'}, ${bytesText(totals.memoryBytes)} of memory, ${bytesText(totals.diskBytes)} on disk\n`,
    open === 0 ? '' : basisText(measured),
  ].join('');
}

/** What the estimates rest on. */
function basisText(measured: ReadonlyMap<string, MeasuredModel>): string {
  const [first] = measured.values();
  if (first === undefined) return '';
  const { processor, cores } = first.cost.machine;
  const lines = [...measured].map(([name, { cost, measuredAt }]) => {
    const when = measuredAt === undefined ? 'measured now' : `profile of ${measuredAt.slice(0, 10)}`;
    const speed = `${cost.realTimeFactor.toPrecision(2)} s for a second of signal (${cost.clips} clips of ${cost.clipSeconds.toFixed(1)} s)`;
    return `  ${name}: loaded in ${cost.loadSeconds.toFixed(1)} s, ${speed}, ${bytesText(cost.peakMemoryBytes)} of memory (${when})\n`;
  });
  return [
    `This machine (${processor}, ${cores} cores):\n`,
    ...lines,
    'Probes: by one training on made-up embeddings; when a training ends depends on the data, and the times may be several times shorter or longer. Embeddings in the cache are not subtracted.\n',
  ].join('');
}

/** The plan as a JSON document. */
export function planJson(planned: readonly PlannedJob[], measured: ReadonlyMap<string, MeasuredModel>): string {
  const jobs = planned.map(({ job: { model, task, evaluation, trainFraction, clips }, file, estimate, problem }) => ({
    ...{ model: model.name, task, evaluation: evaluation?.name ?? null, trainFraction: trainFraction ?? 1, clips },
    ...{ state: file === undefined ? (problem === undefined ? 'to do' : 'failing') : 'finished', file: file ?? null },
    ...{ problem: problem ?? null, estimate: estimate ?? null },
  }));
  const costs = Object.fromEntries([...measured].map(([name, { cost }]) => [name, cost]));
  return `${JSON.stringify({ jobs, totals: totalsOf(planned, measured), measured: costs }, undefined, 2)}\n`;
}

function bytesText(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1000)} kB`;
  return bytes < 1e9 ? `${megabytes(bytes)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
