import { readFile } from 'node:fs/promises';
import { type Choices, startOf } from './choices.js';

interface OwnManifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** What the package of a starting point needs: of ours to run, of ours and others to develop. */
const needs = {
  'onnx-waveform': ['@hearken/core', '@hearken/onnx', '@hearken/plugin-onnx'],
  'onnx-features': ['@hearken/core', '@hearken/onnx', '@hearken/plugin-onnx'],
  graph: ['@hearken/core', '@hearken/onnx'],
  typescript: ['@hearken/core'],
} as const;

const runtimes = ['onnxruntime-node', 'onnxruntime-web'];

/** The `package.json` of a new plugin; versions are those that this package was released with. */
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
    exports: exported,
    files: ['dist', 'src'],
    scripts: {
      build: 'tsc -p tsconfig.build.json',
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

function optional(names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, { optional: true }]));
}

/** Our packages depend on each other's exact versions; a plugin takes whatever keeps the contract. */
function range(version: string): string {
  return /^\d/.test(version) ? `^${version}` : version;
}

async function ownManifest(): Promise<OwnManifest> {
  return JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as OwnManifest;
}
