import { readFile } from 'node:fs/promises';
import { type Choices, onnxPluginPackage, type Start, startOf } from './choices.js';

interface OwnManifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Dependencies of the package, by starting point: our packages to run, ours and others to develop. */
const needs = {
  'onnx-waveform': ['@hearken/core', '@hearken/onnx', onnxPluginPackage],
  'onnx-features': ['@hearken/core', '@hearken/onnx', onnxPluginPackage],
  graph: ['@hearken/core', '@hearken/onnx'],
  typescript: ['@hearken/core'],
} as const;

const runtimes = ['onnxruntime-node', 'onnxruntime-web'];

/** The `package.json` of a new plugin; with the versions that this package was released with. */
export async function packageManifest(choices: Choices, packageName: string): Promise<string> {
  const own = await ownManifest();
  const start = startOf(choices);
  const versions = { ...own.devDependencies, ...own.dependencies };
  const pinned = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, range(versions[name])]));
  const hasRuntime = start !== 'typescript';
  const entry = (file: string) => ({ types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` });
  const exported = hasRuntime
    ? { '.': { browser: entry('web'), ...entry('index') }, './node': entry('index'), './web': entry('web') }
    : { '.': entry('index') };
  const manifest = {
    name: packageName,
    version: '0.1.0',
    description: `${choices.name}: embeddings of ${choices.signal === 'ecg' ? '12-lead ECGs' : 'audio'} for Hearken`,
    keywords: ['hearken-plugin', 'embeddings', choices.signal],
    license: 'MIT',
    type: 'module',
    engines: { node: '>=20.19' },
    sideEffects: false,
    hearken: listedModels(choices, start),
    exports: exported,
    files: ['dist', 'src'],
    scripts: {
      build: 'tsc -p tsconfig.build.json && node scripts/list-models.mjs',
      typecheck: 'tsc --noEmit',
      test: 'vitest run',
      validate: 'hearken validate .',
      release: 'node scripts/release.mjs',
    },
    dependencies: pinned(needs[start]),
    ...(hasRuntime ? { peerDependencies: pinned(runtimes), peerDependenciesMeta: optional(runtimes) } : {}),
    devDependencies: pinned([
      '@hearken/bench',
      '@types/node',
      '@vitest/browser-playwright',
      ...(hasRuntime ? runtimes : []),
      'playwright',
      'typescript',
      'vitest',
    ]),
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/**
 * What `hearken models` lists without importing the plugin, until the first build regenerates it; the plugin's tests
 * compare it with the definition. Embedding sizes are those of the templates.
 */
function listedModels({ name, signal, sampleRate, onnx }: Choices, start: Start) {
  const channels = onnx?.channels ?? (signal === 'ecg' ? 12 : 1);
  const sizes: Readonly<Record<Start, number>> = {
    'onnx-waveform': 16,
    'onnx-features': 64,
    graph: 64,
    typescript: 4 * channels,
  };
  return {
    plugin: name,
    models: {
      [name]: {
        description: 'describe it in one line',
        sampleRate,
        channels: start === 'onnx-features' ? 1 : channels,
        embeddingSize: onnx?.embeddingSize ?? sizes[start],
      },
    },
  };
}

function optional(names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, { optional: true }]));
}

/** Our packages depend on each other's exact versions; a plugin accepts every version with the same contract. */
function range(version: string): string {
  return /^\d/.test(version) ? `^${version}` : version;
}

async function ownManifest(): Promise<OwnManifest> {
  return JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as OwnManifest;
}
