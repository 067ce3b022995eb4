import { basename, dirname, resolve } from 'node:path';
import { FileError, isPluginPath, parseModelSpecifier } from '@hearken/core';
import { readPlainText } from '@hearken/core/node';
import type { Campaign, CampaignModel } from './campaign.js';
import { parseCampaign } from './parse-campaign.js';
import { maximumCampaignCharacters } from './yaml-document.js';

/**
 * Reads a campaign file, `.yaml`, `.yml` or `.json`. Its relative paths are relative to its folder; those of the result
 * are absolute.
 *
 * @throws FileError naming the file, the line, the field, what was found and what was expected
 */
export async function readCampaign(path: string): Promise<Campaign> {
  const text = await readPlainText(path, {
    // UTF-8 has up to three bytes for one of JavaScript's characters.
    maximumBytes: 3 * maximumCampaignCharacters,
    refuse: ({ found, fix, cause }) => new FileError({ asked: `campaign '${path}'`, found, fix, cause }),
  });
  const campaign = parseCampaign(text, path);
  const absolute = (relative: string) => resolve(dirname(path), relative);
  const { models, tasks, extensions, out, cache } = campaign;
  return {
    ...campaign,
    models: models.map((model) => withPaths(model, absolute)),
    tasks: tasks.map(absolute),
    ...(extensions === undefined
      ? {}
      : { extensions: extensions.map((name) => (isPath(name) ? absolute(name) : name)) }),
    ...(out === undefined ? {} : { out: absolute(out) }),
    ...(cache === undefined ? {} : { cache: absolute(cache) }),
  };
}

/** Whether a positional argument of `hearken run` can be a campaign file. */
export function isCampaignPath(path: string): boolean {
  return /\.(?:ya?ml|json)$/i.test(basename(path));
}

function withPaths(model: CampaignModel, absolute: (relative: string) => string): CampaignModel {
  const { plugin, model: ofPlugin } = parseModelSpecifier(model.model);
  const isRelative = isPluginPath(plugin) && !plugin.startsWith('file:');
  const specifier = [isRelative ? absolute(plugin) : plugin, ...(ofPlugin === undefined ? [] : [ofPlugin])].join(':');
  return {
    ...model,
    model: specifier,
    ...(model.checkpoint === undefined ? {} : { checkpoint: absolute(model.checkpoint) }),
  };
}

/** An extension that is a file or folder, not an installed package. */
function isPath(name: string): boolean {
  return isPluginPath(name) ? !name.startsWith('file:') : /\.[cm]?js$/i.test(name);
}
