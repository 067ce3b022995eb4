import { type ModelFile, type ModelMetadata, OptionError, PluginError } from '@hearken/core';

/** Extensions of single-file checkpoints; any other URL is a web page about the model. */
const checkpointEndings = /\.(?:pt|pth|bin|ckpt|safetensors)$/i;
/** No separators, no hidden files, nothing with a special meaning on some system. */
const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/**
 * The files that a model's authors publish, according to its plugin; none if they publish no weights, or the model
 * needs none.
 *
 * @param name `plugin:model`, for errors
 * @throws PluginError for a name that leads out of the model's folder, or a URL that is not http(s)
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
    found: isName ? `'${url}', which is not an http(s) URL` : `the name ${JSON.stringify(name)}`,
    fix: "correct the plugin's metadata: plain file names, and their URLs",
  });
}

/** The model that a mirror is asked for. */
export interface MirrorPlace {
  readonly plugin: string;
  readonly model: string;
}

/**
 * The URL of a file on a mirror: `{plugin}`, `{model}` and `{file}` in the mirror's URL are filled in; without them,
 * the file's usual path is appended.
 *
 * @throws OptionError for a mirror that is not an http(s) URL, or has a user name in it, which would be recorded
 */
export function mirrorUrl(mirror: string, file: ModelFile, { plugin, model }: MirrorPlace): string {
  const url = URL.canParse(mirror) ? new URL(mirror) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') {
    throw new OptionError({
      asked: `mirror '${url === undefined ? mirror : `${url.protocol}//${url.host}`}'`,
      found:
        url === undefined ? 'not a URL' : url.username === '' ? `the protocol ${url.protocol}` : 'a user name in it',
      fix: 'give an http or https URL, with or without {plugin}, {model} and {file} in it',
    });
  }
  const values: Readonly<Record<string, string>> = { plugin, model, file: file.name };
  const filled = mirror.replace(/\{(plugin|model|file)\}/g, (_, key: string) => encodeURIComponent(values[key]));
  if (filled !== mirror) return filled;
  return `${mirror.replace(/\/+$/, '')}${new URL(file.url).pathname}`;
}
