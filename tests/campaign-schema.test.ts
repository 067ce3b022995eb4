// The JSON Schema of campaign files: equal to what is generated from the reader's schema.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { campaignSchema } from '../packages/campaigns/src/schema.js';
import { campaignJsonSchema, schemaFile } from '../scripts/campaign-json-schema.mjs';

const folder = fileURLToPath(new URL('../packages/campaigns', import.meta.url));
const schema = JSON.parse(JSON.stringify(campaignJsonSchema(campaignSchema))) as {
  required: string[];
  additionalProperties?: unknown;
  properties: Record<string, { description?: string }>;
};

it('the JSON Schema of campaign files is up to date: npm run generate', async () => {
  expect(JSON.parse(await readFile(join(folder, schemaFile), 'utf8'))).toEqual(schema);
});

it('is exported by the package', async () => {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    exports: Record<string, unknown>;
    files: string[];
  };
  expect(manifest.exports[`./${schemaFile}`]).toBe(`./${schemaFile}`);
  expect(manifest.files).toContain('schema');
});

it('requires models and tasks, allows no unknown fields, and describes each', () => {
  expect(schema.required.sort()).toEqual(['models', 'tasks']);
  expect(schema.additionalProperties).toBe(false);
  for (const [name, { description }] of Object.entries(schema.properties))
    expect([name, description]).toEqual([name, expect.any(String)]);
});
