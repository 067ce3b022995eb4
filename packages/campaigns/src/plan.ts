import { protocolByName } from '@hearken/results';
import { asksFor } from '@hearken/results/internal';
import type { Task, TaskMetadata } from '@hearken/tasks';
import type { Campaign, CampaignEvaluation, CampaignModel } from './campaign.js';

/** What a plan needs to know of a task; one that could not be opened has only a name. */
export interface PlannedTask {
  /** Its id, or its path if it could not be opened. */
  readonly id: string;
  /** What it asks for; absent if it could not be opened. */
  readonly metadata?: TaskMetadata;
  /** Its splits, from which clips are counted; absent if it could not be opened. */
  readonly splits?: Task['splits'];
}

/** A model on a task, scored in one way: it ends with one result. */
export interface CampaignJob {
  /** Which model. */
  readonly model: CampaignModel;
  /** Id of the task, or its path if it could not be opened. */
  readonly task: string;
  /** In which way; undefined if the task could not be opened: that fails once, not once for each way. */
  readonly evaluation: CampaignEvaluation | undefined;
  /** Share of the training clips, if not all of them. */
  readonly trainFraction?: number;
  /** Number of clips in all splits; 0 if the task could not be opened. */
  readonly clips: number;
}

/** What comes out of a campaign, in the order in which one machine computes it: models, then tasks, then ways of scoring. */
export function planCampaign(
  { models, evaluations, trainFractions = [] }: Pick<Campaign, 'models' | 'evaluations' | 'trainFractions'>,
  tasks: readonly PlannedTask[],
): CampaignJob[] {
  const fractions = trainFractions.length === 0 ? [1] : [...new Set(trainFractions)];
  return models.flatMap((model) =>
    tasks.flatMap((task): CampaignJob[] => {
      const { metadata, id } = task;
      if (metadata === undefined) return [{ model, task: id, evaluation: undefined, clips: 0 }];
      const clips = clipsOf(task);
      return evaluations
        .filter((evaluation) => scores(evaluation, metadata))
        .flatMap((evaluation) =>
          fractions.map((trainFraction) => ({
            ...{ model, task: id, evaluation, clips },
            ...(trainFraction === 1 ? {} : { trainFraction }),
          })),
        );
    }),
  );
}

/** Whether an evaluation scores a task: one by a protocol only scores the protocol's tasks. */
export function scores({ protocol }: Pick<CampaignEvaluation, 'protocol'>, metadata: TaskMetadata): boolean {
  return protocol === undefined || asksFor(protocolByName(protocol), metadata);
}

function clipsOf({ splits }: PlannedTask): number {
  let clips = 0;
  for (const split of splits?.values() ?? []) clips += split.length;
  return clips;
}

/** What tells a model from others: the name that it was given with what it is called elsewhere, or just one of them. */
export function displayName({ name, model }: Pick<CampaignModel, 'name' | 'model'>, loaded: string): string {
  if (name === model || name === loaded) return loaded;
  return name.startsWith(`${model} (`) ? loaded + name.slice(model.length) : `${name} (${loaded})`;
}
