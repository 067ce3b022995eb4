// Writes the JSON Schema in packages/campaigns/schema from the schema in packages/campaigns/src: no build is needed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { runnerImport } from 'vite';
import { campaignJsonSchema, schemaFile } from './campaign-json-schema.mjs';

const folder = new URL('../packages/campaigns/', import.meta.url);

const { module } = await runnerImport(fileURLToPath(new URL('src/schema.ts', folder)), {
  configFile: false,
  logLevel: 'error',
  environments: { inline: { resolve: { conditions: ['@hearken/source', 'import'], noExternal: [/^@hearken\//] } } },
});
const path = fileURLToPath(new URL(schemaFile, folder));
mkdirSync(dirname(path), { recursive: true });
const text = JSON.stringify(campaignJsonSchema(module.campaignSchema));
writeFileSync(path, await format(text, { ...(await resolveConfig(path)), parser: 'json' }));
console.log(path);
