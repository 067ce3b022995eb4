import { hasOwnWeights } from '../../models/model-name.js';
import type { ModelMetadata } from '@hearken/core';
import { createNodeRegistry, knownPlugins } from '../../plugins/plugins.node.js';
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

/** Looks models up in Hearken's own plugins. A plugin that only a result file names is never loaded. */
export async function modelFacts(model: ReportResult['model']): Promise<ModelFacts> {
  const published = model.checkpointSha256 === null ? undefined : !hasOwnWeights(model);
  // What is published of the published weights says nothing of others.
  const metadata = published === false ? undefined : await metadataOf(model);
  return {
    parameters: metadata?.parameters ?? model.parameters ?? null,
    macs: model.plugin === 'efficientat' ? efficientatMacs(model.model) : null,
    ...(published === undefined ? {} : { published }),
  };
}

async function metadataOf({ plugin, model }: ReportResult['model']): Promise<ModelMetadata | undefined> {
  if (!(knownPlugins as readonly string[]).includes(plugin)) return undefined;
  try {
    const { models } = await createNodeRegistry().resolve(plugin);
    return Object.hasOwn(models, model) ? models[model] : undefined;
  } catch {
    // The package is not installed: its models have no facts.
    return undefined;
  }
}

/** Multiply-adds of a width's plain model; its variants have others, which are not published. */
function efficientatMacs(model: string): number | null {
  const { rows } = publishedTables['efficientat-widths'];
  const row = rows.find(([name]) => [`${name}_as`, `${name}_as_ext`, `${name}_as_no_im_pre`].includes(model));
  return row === undefined ? null : Number(row[2]) * 1e9;
}
