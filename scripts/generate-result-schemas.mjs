// Writes the JSON Schemas in packages/results/schema from the schemas in packages/results/src/format: no build is needed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { runnerImport } from 'vite';
import { resultJsonSchema, schemaFile } from './result-json-schema.mjs';

const folder = new URL('../packages/results/', import.meta.url);

const load = async (file) => {
  const { module } = await runnerImport(fileURLToPath(new URL(`src/format/${file}`, folder)), {
    configFile: false,
    logLevel: 'error',
    environments: { inline: { resolve: { conditions: ['@hearken/source', 'import'], noExternal: [/^@hearken\//] } } },
  });
  return module;
};
const [{ version1Schema }, { resultSchema }] = [await load('version-1.ts'), await load('result-schema.ts')];
for (const [version, schema] of [version1Schema, resultSchema].entries()) {
  const path = fileURLToPath(new URL(schemaFile(version + 1), folder));
  mkdirSync(dirname(path), { recursive: true });
  const text = JSON.stringify(resultJsonSchema(schema, version + 1));
  writeFileSync(path, await format(text, { ...(await resolveConfig(path)), parser: 'json' }));
  console.log(path);
}
