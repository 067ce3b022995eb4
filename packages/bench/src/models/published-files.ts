import { type ModelFile, type ModelMetadata, OptionError, PluginError } from '@hearken/core';

/** Endings of a checkpoint in one file; any other address is a page about it. */
const checkpointEndings = /\.(?:pt|pth|bin|ckpt|safetensors)$/i;
/** No separator, no hidden file, nothing that a system reads in its own way. */
const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/**
 * The files that a model's authors publish, as its plugin names them; none where they publish no weights, or the model
 * needs none.
 *
 * @param name `plugin:model`, for errors
 * @throws PluginError for a name that leads out of the model's folder, or an address that is no http(s) URL
 */
export function publishedFiles(name: string, { files, checkpointUrl, checkpointSha256 }: ModelMetadata): ModelFile[] {
  if (files !== undefined) return files.map((file) => checked(name, file));
  if (checkpointUrl === undefined || !URL.canParse(checkpointUrl)) return [];
  const file = new URL(checkpointUrl).pathname.split('/').at(-1) ?? '';
  if (!checkpointEndings.test(file)) return [];
  const known = checkpointSha256 === undefined ? {} : { sha256: checkpointSha256 };
  return [checked(name, { name: file, url: checkpointUrl, ...known })];
}

function checked(model: string, file: ModelFile): ModelFile {
  const { name, url } = file;
  const isName = plainName.test(name) && !['pulled.json', 'accepted.json'].includes(name);
  const isUrl = URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol);
  if (isName && isUrl) return file;
  throw new PluginError({
    asked: `the files of ${model}`,
    found: isName ? `'${url}', no http(s) address` : `the name ${JSON.stringify(name)}`,
    fix: "correct the plugin's metadata: plain file names, and where they are downloaded",
  });
}

/** Which model a mirror is asked for. */
export interface MirrorPlace {
  readonly plugin: string;
  readonly model: string;
}

/**
 * Where a mirror has a file: `{plugin}`, `{model}` and `{file}` in its URL are filled in; without them, the mirror's
 * address takes the place of the host, and the path stays as it is there.
 *
 * @throws OptionError for a mirror that is no http(s) URL, or has a user name in it, which would be written down
 */
export function mirrorUrl(mirror: string, file: ModelFile, { plugin, model }: MirrorPlace): string {
  const url = URL.canParse(mirror) ? new URL(mirror) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') {
    throw new OptionError({
      asked: `mirror '${url === undefined ? mirror : `${url.protocol}//${url.host}`}'`,
      found: url === undefined ? 'no URL' : url.username === '' ? `the protocol ${url.protocol}` : 'a user name in it',
      fix: 'give an http or https URL, with or without {plugin}, {model} and {file} in it',
    });
  }
  const values: Readonly<Record<string, string>> = { plugin, model, file: file.name };
  const filled = mirror.replace(/\{(plugin|model|file)\}/g, (_, key: string) => encodeURIComponent(values[key]));
  if (filled !== mirror) return filled;
  return `${mirror.replace(/\/+$/, '')}${new URL(file.url).pathname}`;
}
