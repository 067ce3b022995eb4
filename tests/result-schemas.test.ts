// The published JSON Schemas of result files: equal to what is generated from the reader's schemas.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { profileSchema } from '../packages/results/src/profile/profile-schema.js';
import { resultSchema } from '../packages/results/src/format/result-schema.js';
import { version1Schema } from '../packages/results/src/format/version-1.js';
import { profileJsonSchema, profileSchemaFile, resultJsonSchema, schemaFile } from '../scripts/result-json-schema.mjs';

const folder = fileURLToPath(new URL('../packages/results', import.meta.url));

it.each([
  [1, version1Schema],
  [2, resultSchema],
] as const)('the JSON Schema of version %i is up to date: npm run generate', async (version, schema) => {
  const text = await readFile(join(folder, schemaFile(version)), 'utf8');
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(resultJsonSchema(schema, version))));
});

it('the JSON Schema of profiles is up to date: npm run generate', async () => {
  const text = await readFile(join(folder, profileSchemaFile(1)), 'utf8');
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(profileJsonSchema(profileSchema, 1))));
});

it('is exported by the package', async () => {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    exports: Record<string, unknown>;
    files: string[];
  };
  for (const file of [schemaFile(1), schemaFile(2), profileSchemaFile(1)]) {
    expect(manifest.exports[`./${file}`]).toBe(`./${file}`);
  }
  expect(manifest.files).toContain('schema');
});

it('requires the fields that every result has, and allows others', () => {
  const schema = resultJsonSchema(resultSchema, 2) as { required: string[]; additionalProperties?: unknown };
  expect(schema.required).toEqual(
    expect.arrayContaining(['schemaVersion', 'isDefault', 'scores', 'folds', 'warnings']),
  );
  expect(schema.required).not.toContain('leftOut');
  expect(schema.additionalProperties).toBeUndefined();
});
