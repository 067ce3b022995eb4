import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const packages = fileURLToPath(new URL('../packages', import.meta.url));

/** Plugins as their packages are called: `hubert-ecg` of `packages/plugins-hubert-ecg`. */
const plugins = readdirSync(packages)
  .filter((name) => name.startsWith('plugins-'))
  .map((name) => name.slice('plugins-'.length));

/** Where plugins may be named: the list of Hearken's own plugins, and the names that a new plugin may not take. */
const registries = ['results/src/models/hearken-plugins.ts', 'create-plugin/src/choices.ts'];

/** Strings that mean something else, by file: the format ONNX, a dataset and a table that are named after a model. */
const otherMeanings: Readonly<Record<string, readonly string[]>> = {
  'tasks/src/datasets/hubert-ecg.ts': ["'hubert-ecg'"],
  'report/src/board/published-models.ts': ['`published efficientat ${'],
  'create-plugin/src/ask.ts': ["'onnx'"],
  'create-plugin/src/cli.ts': ["'onnx'"],
  'create-plugin/src/onnx-choices.ts': ["'onnx'"],
};

/** Names that are words with another meaning, too. */
const words = ['baseline', 'hear', 'onnx'];

const whole = (name: string) => new RegExp(String.raw`(?<![\w-])${name}(?![\w-])`);
const model = (name: string) => new RegExp(String.raw`(?<![\w-])${name}:[a-z]|plugin-${name}\b`);
const wordInCode = (name: string) => new RegExp(String.raw`['"\`]${name}['"\`]|${model(name).source}`);

/** Plugins that a string names: `hear`, `hear:hear`, `@hearken/plugin-hear`, and `efficientat` in any text. */
function pluginsIn(text: string): string[] {
  // The path of a module is no name of a plugin.
  if (/^\.\.?\//.test(text)) return [];
  return plugins.filter(
    (name) => text === name || model(name).test(text) || (!words.includes(name) && whole(name).test(text)),
  );
}

function namedPlugins(node: ts.Node): string[] {
  if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
    return pluginsIn(node.text);
  }
  const isKey = ts.isIdentifier(node) && ts.isPropertyAssignment(node.parent) && node.parent.name === node;
  return isKey && !words.includes(node.text) ? pluginsIn(node.text) : [];
}

function stringsThatNamePlugins(file: string, text: string): string[] {
  // Most files name none at all, and parsing takes time.
  const mayName = plugins.some((name) => (words.includes(name) ? wordInCode(name) : whole(name)).test(text));
  if (!mayName) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const foreign = namedPlugins(node).filter((name) => !file.startsWith(`plugins-${name}/`));
    if (foreign.length > 0 && !(otherMeanings[file] ?? []).includes(node.getText())) {
      found.push(`${file}: ${node.getText().slice(0, 80)}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

it("names no plugin in a string outside the plugin's package, but in the registry", () => {
  const files = readdirSync(packages)
    .flatMap((name) =>
      readdirSync(join(packages, name, 'src'), { recursive: true, encoding: 'utf8' }).map(
        (path) => `${name}/src/${path.replaceAll('\\', '/')}`,
      ),
    )
    .filter((file) => file.endsWith('.ts') && !registries.includes(file));
  expect(files.length).toBeGreaterThan(500);
  expect(files.flatMap((file) => stringsThatNamePlugins(file, readFileSync(join(packages, file), 'utf8')))).toEqual([]);
});

it.each([
  "export const name = 'hear';",
  "if (model.plugin === 'efficientat') count();",
  'const known = { patchmix: {} };',
  'const text = `load ${file} with hubert-ecg`;',
  "const model = 'baseline:mel';",
  "void import('@hearken/plugin-onnx');",
])('finds %s', (text) => {
  expect(stringsThatNamePlugins('bench/src/made-up.ts', text)).toHaveLength(1);
});
