import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = join(root, 'packages');

/** Plugins by the names of their packages: `hubert-ecg` for `packages/plugins-hubert-ecg`. */
const plugins = readdirSync(packages)
  .filter((name) => name.startsWith('plugins-'))
  .map((name) => name.slice('plugins-'.length));

/**
 * Where plugins may be named: the list of Hearken's own plugins, the names that a new plugin may not take, the pages'
 * models and their imports, which a bundler must find, and the commands that the documentation shows.
 */
const registries = [
  'packages/results/src/models/hearken-plugins.ts',
  'packages/create-plugin/src/choices.ts',
  'docs/playground/src/models/catalogue.ts',
  'docs/playground/src/work/plugin-loaders.ts',
  'scripts/docs-command-examples.mjs',
];

/** Strings that mean something else, by file: the format ONNX, a dataset and a table that are named after a model. */
const otherMeanings: Readonly<Record<string, readonly string[]>> = {
  'packages/tasks/src/datasets/hubert-ecg.ts': ["'hubert-ecg'"],
  'packages/report/src/board/published-models.ts': ['`published efficientat ${'],
  'packages/create-plugin/src/ask.ts': ["'onnx'"],
  'packages/create-plugin/src/cli.ts': ["'onnx'"],
  'packages/create-plugin/src/onnx-choices.ts': ["'onnx'"],
};

/** Names that are words with another meaning, too. */
const words = ['baseline', 'hear', 'onnx'];

const whole = (name: string) => new RegExp(String.raw`(?<![\w-])${name}(?![\w-])`);
const model = (name: string) => new RegExp(String.raw`(?<![\w-])${name}:[a-z]|plugin-${name}\b`);
const wordInCode = (name: string) => new RegExp(String.raw`['"\`]${name}['"\`]|${model(name).source}`);

/** Plugins that a string names: `hear`, `hear:hear`, `@hearken/plugin-hear`, and `efficientat` in any text. */
function pluginsIn(text: string): string[] {
  // The path of a module is not the name of a plugin.
  if (/^\.\.?\//.test(text)) return [];
  return plugins.filter(
    (name) => text === name || model(name).test(text) || (!words.includes(name) && whole(name).test(text)),
  );
}

function namedPlugins(node: ts.Node): string[] {
  if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
    return pluginsIn(node.text);
  }
  const isKey =
    ts.isIdentifier(node) &&
    (ts.isPropertyAssignment(node.parent) || ts.isPropertyAccessExpression(node.parent)) &&
    node.parent.name === node;
  return isKey && !words.includes(node.text) ? pluginsIn(node.text) : [];
}

function stringsThatNamePlugins(file: string, text: string): string[] {
  // Most files do not name any, and parsing takes time.
  const mayName = plugins.some((name) => (words.includes(name) ? wordInCode(name) : whole(name)).test(text));
  if (!mayName) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const foreign = namedPlugins(node).filter((name) => !file.startsWith(`packages/plugins-${name}/`));
    if (foreign.length > 0 && !(otherMeanings[file] ?? []).includes(node.getText())) {
      found.push(`${file}: ${node.getText().slice(0, 80)}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Source files of a folder, as paths from the root. */
function sourcesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter((file) => /\.(ts|mjs)$/.test(file) && !file.includes('/node_modules/'));
}

const read = (file: string) => readFileSync(join(root, file), 'utf8');

it("names no plugin in a string outside the plugin's package, but in the registries", () => {
  const folders = [...readdirSync(packages).map((name) => `packages/${name}/src`), 'docs/playground/src', 'scripts'];
  const sources = folders.map(sourcesIn);
  for (const files of sources) expect(files.length).toBeGreaterThan(3);
  const files = sources.flat().filter((file) => !registries.includes(file));
  expect(files.flatMap((file) => stringsThatNamePlugins(file, read(file)))).toEqual([]);
});

it('has no exception that is not needed', () => {
  for (const file of registries) expect(stringsThatNamePlugins(file, read(file)), file).not.toEqual([]);
  for (const [file, strings] of Object.entries(otherMeanings)) {
    for (const text of strings) expect(read(file)).toContain(text);
  }
});

it.each([
  "export const name = 'hear';",
  "if (model.plugin === 'efficientat') count();",
  'const known = { patchmix: {} };',
  'const version = versions.efficientat;',
  'const text = `load ${file} with hubert-ecg`;',
  "const model = 'baseline:mel';",
  "void import('@hearken/plugin-onnx');",
])('finds %s', (text) => {
  expect(stringsThatNamePlugins('packages/bench/src/made-up.ts', text)).toHaveLength(1);
});
