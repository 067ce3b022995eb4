import { hasCustomWeights } from '@hearken/results/internal';
import type { ModelMetadata } from '@hearken/core';
import type { ReportResult } from './report-result.js';

/** What is known about a model apart from its results. */
export interface ModelFacts {
  readonly parameters: number | null;
  /** Multiply-adds for 10 s of audio. */
  readonly macs: number | null;
  /** Whether the checkpoint is the published one; undefined if unknown. */
  readonly published?: boolean;
}

/** Looks up a plugin's facts about a model; undefined if unknown. */
export type MetadataReader = (model: ReportResult['model']) => Promise<ModelMetadata | undefined>;

/** The facts about a model, from its result and its plugin. */
export async function modelFacts(model: ReportResult['model'], metadataOf?: MetadataReader): Promise<ModelFacts> {
  const published = model.checkpointSha256 === null ? undefined : !hasCustomWeights(model);
  const metadata = await metadataOf?.(model);
  return {
    // The published count does not apply to other weights; multiply-adds depend on the architecture only.
    parameters: (published === false ? undefined : metadata?.parameters) ?? model.parameters ?? null,
    macs: metadata?.multiplyAdds ?? null,
    ...(published === undefined ? {} : { published }),
  };
}
