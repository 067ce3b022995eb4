import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileError } from '@hearken/core';
import { checkChoices, type Choices, startOf } from './choices.js';
import { featurePlaceholders } from './feature-placeholders.js';
import { packageManifest } from './package-manifest.js';

const templates = fileURLToPath(new URL('../templates', import.meta.url));

/** A written package. */
export interface CreatedPlugin {
  /** Its npm name. */
  readonly packageName: string;
  /** Absolute path of its folder. */
  readonly folder: string;
  /** Paths of its files relative to the folder, sorted. */
  readonly files: readonly string[];
}

/**
 * Writes the package of a new plugin.
 *
 * @param folder where to write it; must be empty or missing. Default: the package's name, in the current folder
 * @throws OptionError for invalid choices, FileError for a folder that is not empty or not writable
 */
export async function createPlugin(choices: Choices, folder?: string): Promise<CreatedPlugin> {
  checkChoices(choices);
  const bare = `hearken-plugin-${choices.name}`;
  const packageName = choices.scope === undefined ? bare : `${choices.scope}/${bare}`;
  const target = resolve(folder ?? bare);
  await expectEmpty(target);
  const values = placeholders(choices, packageName);
  const files = new Map([['package.json', await packageManifest(choices, packageName)]]);
  const start = startOf(choices);
  // All starting points except finished ONNX files cut signals into windows themselves.
  for (const part of ['common', ...(start === 'onnx-waveform' ? [] : ['windows']), start]) {
    for (const [path, text] of await readTemplates(join(templates, part))) files.set(path, filled(text, values, path));
  }
  for (const [path, text] of files) {
    const file = join(target, path);
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text, { flag: 'wx' });
    } catch (cause) {
      throw new FileError({
        asked: `'${file}'`,
        found: (cause as Error).message,
        fix: 'choose a folder that is writable and empty',
        cause,
      });
    }
  }
  return { packageName, folder: target, files: [...files.keys()].sort() };
}

async function expectEmpty(folder: string): Promise<void> {
  let found: string[];
  try {
    found = await readdir(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new FileError({ asked: `folder '${folder}'`, found: 'not a folder', fix: 'choose another', cause });
  }
  if (found.length === 0) return;
  throw new FileError({
    asked: `a new plugin in '${folder}'`,
    found: `${found.length} ${found.length === 1 ? 'entry' : 'entries'} in it already, such as ${found[0]}`,
    fix: 'nothing is overwritten: choose another folder with --folder',
  });
}

/**
 * Files of a folder of templates, by the path to write them to, without `.template`; `dot-` stands for a leading dot.
 */
async function readTemplates(folder: string): Promise<[string, string][]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.sort().map(async (file): Promise<[string, string]> => {
      const path = relative(folder, file)
        .replaceAll('\\', '/')
        .replace(/\.template$/, '');
      return [path.replace(/(^|\/)dot-/g, '$1.'), await readFile(file, 'utf8')];
    }),
  );
}

/** The values of `{{...}}` in templates. */
function placeholders(
  { name, signal, weights, input, sampleRate, onnx }: Choices,
  packageName: string,
): Record<string, string> {
  const isEcg = signal === 'ecg';
  const checkpoint = { safetensors: 'model.safetensors', pytorch: 'model.pt', onnx: 'model.onnx', none: '' }[weights];
  return {
    name,
    packageName,
    sampleRate: String(sampleRate),
    channels: String(onnx?.channels ?? (isEcg ? 12 : 1)),
    embeddingSize: String(onnx?.embeddingSize ?? (input === 'features' ? 64 : 16)),
    ...featurePlaceholders(onnx?.features),
    // Names from an untrusted file, as properly escaped literals.
    input: literal(onnx?.input ?? (input === 'features' ? 'features' : 'signal')),
    output: literal(onnx?.output ?? 'embedding'),
    signals: isEcg ? '12-lead ECGs in mV' : 'audio, mono, in [-1, 1]',
    // Usual values for speech; a heart is ten times slower.
    frameMilliseconds: isEcg ? '250' : '25',
    hopMilliseconds: isEcg ? '100' : '10',
    task: isEcg ? 'your-ecg-task' : 'fsdd_digit.tar.gz',
    checkpointOption: checkpoint === '' ? '' : ` --checkpoint ${checkpoint}`,
    year: String(new Date().getFullYear()),
  };
}

/** A string as a literal in single quotes. */
function literal(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1);
  const quoted = inner.replace(/\\"|'/g, (found) => (found === "'" ? "\\'" : '"'));
  return `'${quoted.replace(/[\u2028\u2029]/g, (end) => (end === '\u2028' ? '\\u2028' : '\\u2029'))}'`;
}

function filled(text: string, values: Readonly<Record<string, string>>, path: string): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, key: string) => {
    if (!Object.hasOwn(values, key)) throw new Error(`template ${path} has an unknown placeholder ${key}`);
    return values[key];
  });
}
