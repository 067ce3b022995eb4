// Writes the JSON Schemas in packages/results/schema from the reader's own schemas: no build is needed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { runnerImport } from 'vite';
import { profileJsonSchema, profileSchemaFile, resultJsonSchema, schemaFile } from './result-json-schema.mjs';

const folder = new URL('../packages/results/', import.meta.url);

const load = async (file) => {
  const { module } = await runnerImport(fileURLToPath(new URL(`src/${file}`, folder)), {
    configFile: false,
    logLevel: 'error',
    environments: { inline: { resolve: { conditions: ['@hearken/source', 'import'], noExternal: [/^@hearken\//] } } },
  });
  return module;
};
const [{ version1Schema }, { resultSchema }, { profileSchema, profileVersion }] = [
  await load('format/version-1.ts'),
  await load('format/result-schema.ts'),
  await load('profile/profile-schema.ts'),
];
for (const [file, schema] of [
  [schemaFile(1), resultJsonSchema(version1Schema, 1)],
  [schemaFile(2), resultJsonSchema(resultSchema, 2)],
  [profileSchemaFile(profileVersion), profileJsonSchema(profileSchema, profileVersion)],
]) {
  const path = fileURLToPath(new URL(file, folder));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, await format(JSON.stringify(schema), { ...(await resolveConfig(path)), parser: 'json' }));
  console.log(path);
}
