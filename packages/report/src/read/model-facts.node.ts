import { hasCustomWeights } from '@hearken/results/internal';
import type { ModelMetadata } from '@hearken/core';
import type { ReportResult } from './report-result.js';

/** What is known of a model apart from its results. */
export interface ModelFacts {
  readonly parameters: number | null;
  /** Multiply-adds for 10 s of audio. */
  readonly macs: number | null;
  /** Whether the checkpoint is the one that its authors published; undefined where that is not known. */
  readonly published?: boolean;
}

/** What the plugin of a model says of it; undefined where that is not known. */
export type MetadataReader = (model: ReportResult['model']) => Promise<ModelMetadata | undefined>;

/** What is known of a model, from its result and from what its plugin says. */
export async function modelFacts(model: ReportResult['model'], metadataOf?: MetadataReader): Promise<ModelFacts> {
  const published = model.checkpointSha256 === null ? undefined : !hasCustomWeights(model);
  const metadata = await metadataOf?.(model);
  return {
    // The published count says nothing about other weights; multiply-adds are the architecture's, whatever the weights.
    parameters: (published === false ? undefined : metadata?.parameters) ?? model.parameters ?? null,
    macs: metadata?.multiplyAdds ?? null,
    ...(published === undefined ? {} : { published }),
  };
}
