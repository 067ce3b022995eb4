import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const packages = fileURLToPath(new URL('../packages', import.meta.url));

/** What a package's sources may import of ours; everything that is not listed is a plugin. */
const allowed: Record<string, string[]> = {
  core: [],
  onnx: ['@hearken/core'],
  bench: ['@hearken/core', '@hearken/onnx'],
};
const pluginAllowed = ['@hearken/core', '@hearken/onnx'];

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

/** Modules of static imports and re-exports. */
function imports(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/^(?:import|export)\s[^;]*?from '([^']+)'|^import '([^']+)'/gms)].map(
    ([, from, bare]) => from ?? bare,
  );
}

describe.each(readdirSync(packages))('packages/%s', (name) => {
  const files = sources(join(packages, name, 'src'));
  const manifest = JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8')) as {
    name: string;
    dependencies?: Record<string, string>;
    peerDependencies?: Record<string, string>;
  };
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });

  it('imports only the packages below it', () => {
    const ours = files.flatMap(imports).filter((module) => module.startsWith('@hearken/'));
    for (const module of new Set(ours)) expect(allowed[name] ?? pluginAllowed).toContain(module);
  });

  it('declares what it imports', () => {
    const external = files.flatMap(imports).filter((module) => !module.startsWith('.') && !module.startsWith('node:'));
    const names = external.map((module) => module.split('/', module.startsWith('@') ? 2 : 1).join('/'));
    for (const module of new Set(names)) expect(declared).toContain(module);
  });

  it('is named after its folder', () => {
    expect(manifest.name).toBe(`@hearken/${name.replace(/^plugins-/, 'plugin-')}`);
  });

  if (name === 'core') {
    it('uses no Node.js-only API', () => {
      for (const file of files) expect(imports(file).filter((module) => module.startsWith('node:'))).toEqual([]);
    });
  }
});
