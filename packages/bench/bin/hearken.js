#!/usr/bin/env node
import { existsSync } from 'node:fs';

const entry = new URL('../dist/cli/shell.node.js', import.meta.url);

if (existsSync(entry)) {
  const { runFromShell } = await import(entry.href);
  await runFromShell();
} else {
  console.error('Error: hearken\n  found:  packages that are not built\n  to do:  npm run build');
  process.exitCode = 2;
}
