#!/usr/bin/env node
import { existsSync } from 'node:fs';

const entry = new URL('../dist/cli.js', import.meta.url);
const [major, minor] = process.versions.node.split('.').map(Number);

// Checked before importing anything, because an older Node.js would only print a stack trace.
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Error: create-hearken-plugin needs Node.js 20.19 or newer\n  found:  Node.js ${process.versions.node}\n  to do:  install a newer Node.js, https://nodejs.org/`,
  );
  process.exitCode = 2;
} else if (existsSync(entry)) {
  const { main } = await import(entry.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  console.error('Error: create-hearken-plugin\n  found:  packages that are not built\n  to do:  npm run build');
  process.exitCode = 2;
}
