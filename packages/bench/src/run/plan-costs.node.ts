import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Campaign, CampaignJob, CampaignModel, ModelEstimate, TaskEstimate } from '@hearken/campaigns';
import type { Embedder, Provenance } from '@hearken/core';
import { type NamedModel } from '@hearken/results';
import {
  evaluationIdentity,
  executionOf,
  modelIdentity,
  modelPathName,
  pathPart,
  type Profile,
  usedExtensions,
} from '@hearken/results/internal';
import { findResult, hashIdentity, identityOf, thisMachine } from '@hearken/results/internal/node';
import { readResults, type RunIdentity } from '@hearken/results/node';
import { type Clip, dataSplits, type Task } from '@hearken/tasks';
import { chooseSampleRate, readClip, taskContentHash } from '@hearken/tasks/node';
import type { Extensions } from '../extensions/extensions.js';
import { poolingOf } from '../embeddings/pooling.js';
import { namedModel } from '../models/index.js';
import { chooseSubset } from './choose-subset.node.js';
import { modelLoader } from './loaded-model.node.js';
import { measureModel, type MeasureModelOptions, type ModelCost } from './measure-model.node.js';
import { modelToLoad, settingsOf } from './run-campaign.node.js';

/** A model of a campaign, measured. */
export interface MeasuredModel {
  readonly cost: ModelCost;
  /** When, as ISO 8601, if that was before: by `hearken profile`. */
  readonly measuredAt?: string;
  readonly estimate: ModelEstimate;
  readonly named: NamedModel;
  /** What it says of itself; it is no longer loaded. */
  readonly description: Pick<Embedder, 'provenance' | 'sampleRate'>;
}

/** How to measure a model of a campaign. */
export interface MeasureCampaignOptions extends MeasureModelOptions {
  /** Profiles that need not be measured again, if they are of the same model and machine. */
  readonly profiles: readonly Profile[];
}

/**
 * Loads a model of a campaign and measures it, unless there is a profile of it.
 *
 * @throws HearkenError if it cannot be loaded
 */
export async function measureCampaignModel(
  campaign: Campaign,
  model: CampaignModel,
  checkpoint: string | undefined,
  { profiles, ...options }: MeasureCampaignOptions,
): Promise<MeasuredModel> {
  const { plugin, load: loadModel } = await modelLoader(modelToLoad(campaign, model, checkpoint));
  let embedder: Embedder | undefined;
  const load = async () => (embedder = await loadModel());
  let profile: Profile | undefined;
  if (profiles.some((one) => one.model.plugin === plugin.name)) {
    const opened = await load();
    profile = profiles.find((one) => isProfileOf(one, opened.provenance));
    await opened.dispose();
  }
  const cost = profile === undefined ? await measureModel(load, options) : costOf(profile);
  const { provenance, sampleRate, sceneEmbeddingSize, timestampEmbeddingSize } = embedder!;
  return {
    cost,
    ...(profile === undefined ? {} : { measuredAt: profile.measuredAt }),
    estimate: {
      loadSeconds: cost.loadSeconds,
      realTimeFactor: cost.realTimeFactor,
      memoryBytes: cost.peakMemoryBytes,
      sceneSize: sceneEmbeddingSize,
      timestampSize: timestampEmbeddingSize,
    },
    named: await namedModel(plugin, provenance, checkpoint),
    description: { provenance, sampleRate },
  };
}

/** Whether a profile was measured with this model, with as many threads, on this kind of machine. */
function isProfileOf({ model, machine }: Profile, provenance: Provenance): boolean {
  const { processor, cores } = thisMachine();
  return (
    hashIdentity(modelIdentity(model)) === hashIdentity(modelIdentity(provenance)) &&
    model.execution.threads === executionOf(provenance)?.threads &&
    machine.processor === processor &&
    machine.cores === cores
  );
}

function costOf({
  loadSeconds,
  realTimeFactor,
  clipSeconds,
  clips,
  peakMemoryBytes,
  model,
  machine,
}: Profile): ModelCost {
  const { parameters = null } = model;
  return { loadSeconds, realTimeFactor, clipSeconds, clips, peakMemoryBytes, parameters, machine };
}

/** Clips that are read to find out how long a task's clips are, if it does not say. */
const sampledClips = 20;

/** How large a task is; undefined if its folds or clips cannot be read. */
export async function sizeOfTask(task: Task): Promise<TaskEstimate | undefined> {
  try {
    const { metadata, splits } = task;
    const clips = [...splits].flatMap(([split, of]) => of.map((clip) => ({ split, clip })));
    const folds = dataSplits(task);
    const inTrain = folds[0].train.reduce((sum, split) => sum + (splits.get(split)?.length ?? 0), 0);
    const each = metadata.sampleDuration ?? (await meanSeconds(task, clips));
    return {
      seconds: each * clips.length,
      clips: clips.length,
      hasTimestamps: poolingOf(metadata).hasTimestamps,
      labels: task.labels.length,
      folds: folds.length,
      trainShare: inTrain / Math.max(1, clips.length),
    };
  } catch {
    return undefined;
  }
}

async function meanSeconds(
  task: Task,
  clips: readonly { readonly split: string; readonly clip: Clip }[],
): Promise<number> {
  const [sampleRate] = task.sampleRates;
  const channels = task.metadata.modality === 'ecg' ? 12 : 1;
  const step = Math.max(1, Math.floor(clips.length / sampledClips));
  const chosen = clips.filter((_, index) => index % step === 0).slice(0, sampledClips);
  let seconds = 0;
  for (const { split, clip } of chosen) {
    const signal = await readClip(task, split, clip, { sampleRate, channels });
    seconds += signal.length / channels / sampleRate;
  }
  return seconds / Math.max(1, chosen.length);
}

/** Finds results that a campaign's run would find finished. Task contents are hashed only where there is a candidate. */
export class FinishedResults {
  readonly #hashes = new Map<string, Promise<string>>();

  constructor(
    readonly out: string,
    readonly campaign: Pick<Campaign, 'generalization' | 'skipUnreadable'>,
    readonly extensions: Extensions,
  ) {}

  /** The file of a job's result; undefined if there is none. */
  async find(job: CampaignJob, task: Task, { named, description }: MeasuredModel): Promise<string | undefined> {
    const { evaluation, trainFraction, model } = job;
    if (evaluation === undefined) return undefined;
    const { skipUnreadable, generalization } = this.campaign;
    const settings = settingsOf(evaluation);
    const subset = await chooseSubset(task, { trainFraction, generalization, evaluation: settings });
    const used = usedExtensions(this.extensions, task.metadata.evaluation, settings.probe);
    const identity = (contentHash: string): RunIdentity => ({
      model: modelIdentity(description.provenance),
      task: { id: task.id, contentHash },
      evaluation: evaluationIdentity({
        ...settings,
        ...subset.identity,
        skipUnreadable: skipUnreadable ?? false,
        extensions: used.records,
      }),
    });
    if (!(await this.#hasCandidate(task, named, identity))) return undefined;
    const isDefault = Object.keys(model.options ?? {}).length === 0 && model.weights === undefined;
    const place = await findResult(
      this.out,
      identity(await this.#hashOf(task, description.sampleRate)),
      isDefault,
      named,
    );
    return place.existing === undefined ? undefined : place.path;
  }

  async #hasCandidate(task: Task, named: NamedModel, identity: (hash: string) => RunIdentity): Promise<boolean> {
    for (const name of new Set([modelPathName(named), `${named.plugin}-${named.model}`])) {
      const folder = join(this.out, pathPart(name));
      const files = (await readdir(folder).catch(() => [])).filter(
        (file) => file.startsWith(`${pathPart(task.id)}.`) && file.endsWith('.json'),
      );
      if (files.length === 0) continue;
      const { results } = await readResults(files.map((file) => join(folder, file)));
      const isSame = ({ result }: (typeof results)[number]) =>
        hashIdentity(identityOf(result)) === hashIdentity(identity(result.task.contentHash));
      if (results.some(isSame)) return true;
    }
    return false;
  }

  #hashOf(task: Task, embedderRate: number): Promise<string> {
    const sampleRate = chooseSampleRate(task, embedderRate);
    const key = `${task.folder} ${sampleRate}`;
    const allowMissing = this.campaign.skipUnreadable;
    const hash = this.#hashes.get(key) ?? taskContentHash(task, [sampleRate], { allowMissing });
    this.#hashes.set(key, hash);
    return hash;
  }
}
