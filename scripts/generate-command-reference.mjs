// Writes docs/guides/commands.md from the command table in packages/bench/src/cli: no build is needed.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { runnerImport } from 'vite';
import { commandReference } from './docs-command-reference.mjs';

const page = fileURLToPath(new URL('../docs/guides/commands.md', import.meta.url));
const source = fileURLToPath(new URL('../packages/bench/src/cli/program.ts', import.meta.url));

const { module } = await runnerImport(source, {
  configFile: false,
  logLevel: 'error',
  environments: { inline: { resolve: { conditions: ['@hearken/source', 'import'], noExternal: [/^@hearken\//] } } },
});
const nowhere = { write: () => true };
const program = module.createProgram({ stdout: nowhere, stderr: nowhere, setExitStatus: () => undefined });
writeFileSync(page, await format(commandReference(program), { ...(await resolveConfig(page)), parser: 'markdown' }));
console.log(page);
