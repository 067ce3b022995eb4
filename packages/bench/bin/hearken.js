#!/usr/bin/env node
import { existsSync } from 'node:fs';

const entry = new URL('../dist/cli/shell.node.js', import.meta.url);
const [major, minor] = process.versions.node.split('.').map(Number);

// Before anything else is imported: what an older Node.js lacks, it tells of in a stack trace.
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Error: hearken needs Node.js 20.19 or newer\n  found:  Node.js ${process.versions.node}\n  to do:  install a newer Node.js, https://nodejs.org/`,
  );
  process.exitCode = 2;
} else if (existsSync(entry)) {
  const { runFromShell } = await import(entry.href);
  await runFromShell();
} else {
  console.error('Error: hearken\n  found:  packages that are not built\n  to do:  npm run build');
  process.exitCode = 2;
}
