#!/usr/bin/env node
import { existsSync } from 'node:fs';

const entry = new URL('../dist/cli.js', import.meta.url);

if (existsSync(entry)) {
  const { main } = await import(entry.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  console.error('Error: create-hearken-plugin\n  found:  packages that are not built\n  to do:  npm run build');
  process.exitCode = 2;
}
