import { join } from 'node:path';
import type { ModelMetadata, Plugin } from '@hearken/core';
import { writeFileAtomic } from '@hearken/core/node';
import { readSmallJson } from './pulled-record.node.js';

/** What a user must accept before a model is downloaded. */
export interface TermsToAccept {
  /** `plugin:model` */
  readonly name: string;
  readonly metadata: ModelMetadata;
}

interface AcceptedTerms {
  readonly plugin: string;
  readonly license: string | null;
  readonly terms: string | null;
  readonly date: string;
}

const fileName = 'accepted.json';

/**
 * Whether this licence and these terms were accepted before for this plugin's models, in this models folder. Accepting
 * them for one model of a plugin counts for all with the same licence and terms.
 */
export async function hasAcceptedTerms(models: string, plugin: Plugin, metadata: ModelMetadata): Promise<boolean> {
  const wanted = termsOf(plugin, metadata);
  return (await readAccepted(models)).some(
    ({ plugin: name, license, terms }) =>
      name === wanted.plugin && license === wanted.license && terms === wanted.terms,
  );
}

/** Records in the models folder that they were accepted. */
export async function rememberAcceptedTerms(models: string, plugin: Plugin, metadata: ModelMetadata): Promise<void> {
  const accepted = [...(await readAccepted(models)), { ...termsOf(plugin, metadata), date: new Date().toISOString() }];
  await writeFileAtomic(join(models, fileName), `${JSON.stringify({ accepted }, undefined, 2)}\n`);
}

function termsOf({ name }: Plugin, { license, terms }: ModelMetadata): Omit<AcceptedTerms, 'date'> {
  return { plugin: name, license: license ?? null, terms: terms?.url ?? null };
}

async function readAccepted(models: string): Promise<AcceptedTerms[]> {
  const accepted = (await readSmallJson(join(models, fileName)))?.accepted;
  if (!Array.isArray(accepted)) return [];
  return accepted.filter((one): one is AcceptedTerms => typeof one === 'object' && one !== null);
}
