import { hasOwnWeights } from '../../models/model-name.js';
import type { ModelMetadata } from '@hearken/core';
import { publishedTables } from '../generated/published.js';
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
  const published = model.checkpointSha256 === null ? undefined : !hasOwnWeights(model);
  // What is published of the published weights says nothing of others.
  const metadata = published === false ? undefined : await metadataOf?.(model);
  return {
    parameters: metadata?.parameters ?? model.parameters ?? null,
    macs: model.plugin === 'efficientat' ? efficientatMacs(model.model) : null,
    ...(published === undefined ? {} : { published }),
  };
}

/** Multiply-adds of a width's plain model; its variants have others, which are not published. */
function efficientatMacs(model: string): number | null {
  const { rows } = publishedTables['efficientat-widths'];
  const row = rows.find(([name]) => [`${name}_as`, `${name}_as_ext`, `${name}_as_no_im_pre`].includes(model));
  return row === undefined ? null : Number(row[2]) * 1e9;
}
