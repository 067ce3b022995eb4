// Allowed imports: between packages by the tags in their project.json, between Node.js and the web by file names.
import { createProjectGraphAsync } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

// Without a project graph the rule would allow everything, and an old graph would miss changes; no daemon for one call.
process.env.NX_DAEMON ??= 'false';
await createProjectGraphAsync({ exitOnError: false });

/** Layers, bottom up. Only pages import plugins in their source; everything else gets their names at run time. */
const mayImport = {
  core: [],
  onnx: ['core'],
  plugin: ['core', 'onnx'],
  train: ['core', 'onnx'],
  signals: ['core', 'onnx'],
  metrics: ['core'],
  tasks: ['core', 'signals', 'metrics'],
  results: ['core', 'signals', 'metrics', 'tasks'],
  report: ['core', 'metrics', 'tasks', 'results'],
  artifacts: ['core', 'metrics', 'tasks', 'results'],
  campaigns: ['core', 'tasks', 'results'],
  bench: ['core', 'onnx', 'train', 'signals', 'metrics', 'tasks', 'results', 'report', 'artifacts', 'campaigns'],
  // Bench imports it only by name, at run time: whoever runs on one machine need not install it.
  cluster: ['core', 'tasks', 'results', 'artifacts', 'campaigns', 'bench'],
  'create-plugin': ['core'],
  page: ['core', 'onnx', 'train', 'signals', 'metrics', 'tasks', 'results', 'report', 'plugin', 'bench'],
};

const layers = Object.entries(mayImport).map(([layer, below]) => ({
  sourceTag: `layer:${layer}`,
  onlyDependOnLibsWithTags: below.map((name) => `layer:${name}`),
}));

/** Tests may import any package by its name. */
const anyLayer = [{ sourceTag: '*', onlyDependOnLibsWithTags: ['*'] }];

const betweenPackages = (depConstraints) => [
  'error',
  {
    depConstraints,
    allow: ['^(\\.\\./)+tests/support/', '^(\\.\\./)+[\\w-]+/tests/'],
    allowCircularSelfDependency: true,
    // A page imports these statically in one place and dynamically in another; it imports plugins only dynamically.
    checkDynamicDependenciesExceptions: ['@hearken/core', '@hearken/onnx', '@hearken/report', '@hearken/bench'],
  },
];

/** A bundler would add a polyfill for these, or fail. */
const nodeGlobals = ['Buffer', 'process', 'global', 'setImmediate', '__dirname', '__filename', 'require'];
const nodeOnly = { regex: '^node:|^csv-parse(/sync)?$|^onnxruntime-node|\\.node\\.js$|^@hearken/[^/]+/node$' };
const webOnly = { regex: '^onnxruntime-web|\\.web\\.js$|^@hearken/[^/]+/web$' };
const forbidden = (pattern, message) => ['error', { patterns: [{ ...pattern, message }] }];

/** Functions that open, read or write a path, for which there is one module each for reading and writing. */
const fileAccess = {
  importNames: [
    ...['open', 'readFile', 'writeFile', 'appendFile', 'copyFile', 'truncate'],
    ...['createReadStream', 'createWriteStream', 'openSync', 'readFileSync', 'writeFileSync', 'appendFileSync'],
    ...['copyFileSync', 'truncateSync'],
  ],
  message:
    'Paths are read by readPlainFile, readPlainText and openPlainFile, and written by writeFileAtomic, writeFileInPlace, ' +
    'openOutput, createOutput and copyPlainFile (@hearken/core/node): they refuse devices, pipes, links and what is too large.',
};

export default defineConfig(
  {
    files: ['packages/*/src/**/*.ts', 'docs/playground/src/**/*.ts'],
    plugins: { '@nx': nx },
    rules: { '@nx/enforce-module-boundaries': betweenPackages(layers) },
  },
  {
    files: ['packages/*/tests/**/*.ts'],
    plugins: { '@nx': nx },
    rules: { '@nx/enforce-module-boundaries': betweenPackages(anyLayer) },
  },
  {
    files: [
      'packages/core/src/**/*.ts',
      'packages/onnx/src/**/*.ts',
      'packages/signals/src/**/*.ts',
      'packages/metrics/src/**/*.ts',
      'packages/tasks/src/*.ts',
      'packages/results/src/*.ts',
      'packages/campaigns/src/*.ts',
      'packages/train/src/**/*.ts',
      'packages/plugins-*/src/**/*.ts',
      'packages/bench/src/web.ts',
      'packages/bench/src/web/**/*.ts',
      '**/*.web.ts',
    ],
    ignores: [
      '**/*.node.ts',
      'packages/*/src/node.ts',
      'packages/signals/src/onnx.ts',
      'packages/onnx/src/session/node-session.ts',
      'packages/plugins-*/src/index.ts',
    ],
    rules: {
      'no-restricted-imports': forbidden(
        nodeOnly,
        "This file runs in browsers too: Node.js's part is a `.node.ts` file.",
      ),
      'no-restricted-globals': ['error', ...nodeGlobals],
    },
  },
  {
    files: [
      '**/*.node.ts',
      'packages/*/src/node.ts',
      'packages/signals/src/onnx.ts',
      'packages/onnx/src/session/node-session.ts',
      'packages/plugins-*/src/index.ts',
    ],
    ignores: ['**/tests/**'],
    rules: {
      'no-restricted-imports': forbidden(
        webOnly,
        'This file runs on Node.js: a browser gets what it needs from `web.ts`.',
      ),
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    ignores: [
      'packages/core/src/files/plain-file.node.ts',
      'packages/core/src/files/output-file.node.ts',
      // Files of the kernel.
      'packages/results/src/result/peak-memory.node.ts',
      // Depends on no package of ours except core, and only reads its own files or files that were checked before.
      'packages/create-plugin/src/**',
    ],
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { paths: ['node:fs', 'node:fs/promises', 'fs', 'fs/promises'].map((name) => ({ name, ...fileAccess })) },
      ],
    },
  },
);
