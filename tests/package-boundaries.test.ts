import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const packages = fileURLToPath(new URL('../packages', import.meta.url));

/** What a package's sources may import of ours; everything that is not listed is a plugin. */
const allowed: Record<string, string[]> = {
  core: [],
  onnx: ['@hearken/core'],
  bench: ['@hearken/core', '@hearken/onnx'],
  'create-plugin': ['@hearken/core'],
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

/** `@hearken/onnx/node` is of `@hearken/onnx`. */
function packageOf(module: string): string {
  return module.split('/', module.startsWith('@') ? 2 : 1).join('/');
}

/** Modules that an entry reaches by static imports, in its package and in ours: files, and the names of others. */
function reached(entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const module of imports(entry)) {
    const ours = /^@hearken\/(plugin-)?([^/]+)(?:\/(\w+))?$/.exec(module);
    if (module.startsWith('.')) reached(join(entry, '..', module.replace(/\.js$/, '.ts')), seen);
    else if (ours === null) seen.add(module);
    else reached(join(packages, (ours[1] ? 'plugins-' : '') + ours[2], 'src', `${ours[3] ?? 'index'}.ts`), seen);
  }
  return seen;
}

describe.each(readdirSync(packages).filter((name) => existsSync(join(packages, name, 'src/web.ts'))))(
  'packages/%s/web',
  (name) => {
    it('reaches nothing that is of Node.js alone', () => {
      const modules = [...reached(join(packages, name, 'src/web.ts'))];
      expect(modules.filter((module) => /^node:|onnxruntime-node|\.node\.ts$/.test(module))).toEqual([]);
    });

    it('leaves the other runtime to the other entry', () => {
      const node = ['node.ts', 'index.ts'].map((entry) => join(packages, name, 'src', entry)).filter(existsSync);
      const modules = node.flatMap((entry) => [...reached(entry)]);
      expect(modules.filter((module) => /onnxruntime-web|\.web\.ts$/.test(module))).toEqual([]);
    });
  },
);

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
    for (const module of new Set(ours)) expect(allowed[name] ?? pluginAllowed).toContain(packageOf(module));
  });

  it('declares what it imports', () => {
    const external = files.flatMap(imports).filter((module) => !module.startsWith('.') && !module.startsWith('node:'));
    for (const module of new Set(external.map(packageOf))) expect(declared).toContain(module);
  });

  it('is named after its folder', () => {
    // `npm create hearken-plugin` looks for this name.
    const expected =
      name === 'create-plugin' ? 'create-hearken-plugin' : `@hearken/${name.replace(/^plugins-/, 'plugin-')}`;
    expect(manifest.name).toBe(expected);
  });

  if (name === 'core') {
    it('uses no Node.js-only API', () => {
      for (const file of files) expect(imports(file).filter((module) => module.startsWith('node:'))).toEqual([]);
    });
  }
});
