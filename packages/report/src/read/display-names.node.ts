import { hasCustomWeights } from '@hearken/results/internal';
import { FileError } from '@hearken/core';
import { readPlainText } from '@hearken/core/node';
import { parseBoundedJson } from '@hearken/core/internal';
import type { ReportResult } from './report-result.js';

const maximumBytes = 2 ** 20;

/** The display name of a model, and a note for readers. */
export interface DisplayName {
  readonly name?: string;
  readonly note?: string;
}

/**
 * By `plugin:model`, or `plugin:model@` with the first digits of the checkpoint's SHA-256, which is the only way for
 * custom weights.
 */
export type DisplayNames = ReadonlyMap<string, DisplayName>;

/**
 * Reads a JSON object of display names: for each model a name, or `{ "name": ..., "note": ... }`.
 *
 * @throws FileError for anything else
 */
export async function readDisplayNames(path: string): Promise<DisplayNames> {
  const refuse = (found: string, cause?: unknown) =>
    new FileError({
      asked: `display names '${path}'`,
      found,
      fix: 'write a JSON object such as {"PLUGIN:MODEL": {"name": "...", "note": "..."}}',
      cause,
    });
  let document: unknown;
  try {
    const text = await readPlainText(path, { maximumBytes, refuse: ({ found, cause }) => refuse(found, cause) });
    document = parseBoundedJson(text);
  } catch (cause) {
    throw cause instanceof FileError ? cause : refuse((cause as Error).message, cause);
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) throw refuse('not a JSON object');
  return new Map(
    Object.entries(document).map(([model, value]: [string, unknown]) => {
      const given = (typeof value === 'string' ? { name: value } : value) as Record<string, unknown> | null;
      const texts = [given?.name, given?.note];
      if (
        typeof given !== 'object' ||
        given === null ||
        !texts.every((text) => text === undefined || typeof text === 'string')
      ) {
        throw refuse(`something other than a name and a note for '${model}'`);
      }
      return [model, { name: given.name as string | undefined, note: given.note as string | undefined }];
    }),
  );
}

/** The entry for a result's model; an entry for its exact checkpoint takes precedence. */
export function displayNameOf(names: DisplayNames, of: ReportResult['model']): DisplayName {
  const { plugin, model, checkpointSha256 } = of;
  const key = `${plugin}:${model}`;
  for (const [name, display] of names) {
    const [named, sha256] = name.split('@');
    if (named === key && sha256 !== undefined && sha256.length >= 6 && checkpointSha256?.startsWith(sha256))
      return display;
  }
  // A name for the published model does not apply to other weights.
  return hasCustomWeights(of) ? {} : (names.get(key) ?? {});
}
