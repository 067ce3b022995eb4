import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin, PluginError } from '@hearken/core';
import { coreRange, pluginKeyword } from '../plugins/discover-plugins.node.js';
import {
  exportTarget,
  mostNestedConditions,
  type PackageFolder,
  packageEntry,
} from '../plugins/package-folders.node.js';
import { listDifference, listedPlugin } from '../plugins/listed-plugin.js';
import type { Finding } from './finding.js';

/** Weights and recordings belong elsewhere; no plugin has this much code. */
const mostPackageBytes = 10 * 2 ** 20;
/** Largest number of files that are counted. */
const mostFiles = 20_000;

interface Problem {
  readonly found: string;
  readonly fix: string;
}

interface PackageCheck {
  readonly name: string;
  readonly kind: Finding['kind'];
  readonly why: string;
  readonly look: (plugin: Plugin, found: PackageFolder) => Problem | undefined | Promise<Problem | undefined>;
}

const packageChecks: readonly PackageCheck[] = [
  {
    name: "the plugin's version is that of its package",
    kind: 'contract',
    why: 'results record the version, which must identify one release',
    look({ version }, { manifest }) {
      if (manifest.version === undefined || version === manifest.version) return undefined;
      return {
        found: `${version}, package.json ${text(manifest.version)}`,
        fix: 'read it from package.json, or test that they agree',
      };
    },
  },
  {
    name: 'the entry that package.json names is there',
    kind: 'contract',
    why: 'otherwise the package cannot be imported',
    async look(_, found) {
      let entry: string;
      try {
        entry = packageEntry(found);
      } catch (error) {
        return { found: (error as PluginError).found, fix: (error as PluginError).fix };
      }
      const isThere = await stat(entry).then(
        (status) => status.isFile(),
        () => false,
      );
      return isThere ? undefined : { found: `no file '${entry}'`, fix: 'build the package, and check exports' };
    },
  },
  {
    name: 'the package exports types',
    kind: 'advice',
    why: 'without them, editors cannot help users of TypeScript',
    look(_, { manifest }) {
      const conditions = ['.', 'node', 'import', 'default', 'types'];
      const target = exportTarget(onlyTypes(manifest.exports), conditions) ?? manifest.types;
      if (typeof target === 'string') return undefined;
      return { found: 'no types', fix: 'build with "declaration": true, and name them under exports as "types"' };
    },
  },
  {
    name: 'the package is an ES module of its own exports',
    kind: 'advice',
    why: 'bundlers and Node.js then treat it the same way, and nobody depends on its internal files',
    look(_, { manifest }) {
      if (manifest.type === 'module' && manifest.exports !== undefined) return undefined;
      return {
        found: `type ${text(manifest.type)}, exports ${text(manifest.exports)}`,
        fix: 'set type module and exports',
      };
    },
  },
  {
    name: 'the package says its licence',
    kind: 'advice',
    why: 'without one, nobody is allowed to use it',
    look(_, { manifest }) {
      if (typeof manifest.license === 'string' && manifest.license !== '' && manifest.license !== 'UNLICENSED')
        return undefined;
      return {
        found: `license ${text(manifest.license)}`,
        fix: 'set license in package.json to an SPDX name such as MIT',
      };
    },
  },
  {
    name: 'the package says which @hearken/core it is for',
    kind: 'advice',
    why: 'a harness with another contract can then say so instead of failing later',
    look(_, found) {
      if (coreRange(found) !== undefined) return undefined;
      return { found: 'no @hearken/core among dependencies', fix: "npm install @hearken/core in the package's folder" };
    },
  },
  {
    name: 'the package is found by its name and keyword',
    kind: 'advice',
    why: '`hearken models` lists, and `--model my-model` finds, packages hearken-plugin-* with that keyword',
    look(_, { manifest }) {
      const name = text(manifest.name);
      const isOurs = name.startsWith('@hearken/plugin-');
      const keywords: readonly unknown[] = Array.isArray(manifest.keywords) ? manifest.keywords : [];
      if (isOurs || (/^(@[^/]+\/)?hearken-plugin-/.test(name) && keywords.includes(pluginKeyword))) return undefined;
      const fix = `call it hearken-plugin-... and add the keyword '${pluginKeyword}'`;
      return { found: `name ${name}, keywords ${keywords.map(text).join(', ') || 'none'}`, fix };
    },
  },
  {
    name: 'the list of models in package.json is that of the plugin',
    kind: 'contract',
    why: '`hearken models` shows this list, because it does not run the code of packages that were not named',
    look(plugin, found) {
      const fix =
        'write under "hearken" the name and the models of the definition: sampleRate, channels, embeddingSize';
      try {
        const listed = listedPlugin(found);
        const difference = listed === undefined ? undefined : listDifference(listed, plugin);
        return difference === undefined ? undefined : { found: difference, fix };
      } catch (error) {
        return { found: (error as PluginError).found, fix };
      }
    },
  },
  {
    name: 'package.json lists the models',
    kind: 'advice',
    why: '`hearken models` shows what package.json says under "hearken"; without it, only that the package exists',
    look(_, { manifest }) {
      const isOurs = text(manifest.name).startsWith('@hearken/plugin-');
      if (isOurs || manifest.hearken !== undefined) return undefined;
      const fix =
        'add "hearken": { "plugin": NAME, "models": { NAME: { "description", "sampleRate", "channels", "embeddingSize" } } }';
      return { found: 'no "hearken" in it', fix };
    },
  },
  {
    name: 'the package is small',
    kind: 'advice',
    why: 'every user downloads weights in a package again with every version',
    async look(_, { folder, manifest }) {
      const bytes = await publishedBytes(folder, manifest.files);
      if (bytes <= mostPackageBytes) return undefined;
      const fix = 'publish weights on a model hub, put their URL in the metadata, and list in "files" what to publish';
      return { found: `${(bytes / 2 ** 20).toFixed(0)} MiB`, fix };
    },
  },
];

/** Checks of a plugin's package. */
export async function packageFindings(plugin: Plugin, found: PackageFolder): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, kind, why, look } of packageChecks) {
    const problem = await look(plugin, found);
    findings.push({ name, kind, why, passed: problem === undefined, ...(problem && { expected: name, ...problem }) });
  }
  return findings;
}

/** The branches of `exports` that lead to `types`. */
function onlyTypes(exported: unknown, depth = 0): unknown {
  if (typeof exported !== 'object' || exported === null || depth > mostNestedConditions) return undefined;
  const entries = Object.entries(exported as Record<string, unknown>).map(([condition, target]) => [
    condition,
    condition === 'types' ? target : onlyTypes(target, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

/** Size of what npm would publish: the entries of `files`, or everything except `node_modules` and hidden files. */
async function publishedBytes(folder: string, files: unknown): Promise<number> {
  const listed = Array.isArray(files) ? files.filter((file): file is string => typeof file === 'string') : [''];
  let counted = 0;
  const bytesOf = async (path: string): Promise<number> => {
    counted += 1;
    if (counted > mostFiles) return 0;
    const status = await stat(path).catch(() => undefined);
    if (!status?.isDirectory()) return status?.size ?? 0;
    let bytes = 0;
    for (const name of await readdir(path)) {
      if (name !== 'node_modules' && !name.startsWith('.')) bytes += await bytesOf(join(path, name));
    }
    return bytes;
  };
  let bytes = 0;
  // Patterns count as the folder that they start with; `../` counts nothing.
  for (const file of listed) {
    const plain = file.replace(/[*!?{[].*$/, '');
    if (!plain.split(/[\\/]/).includes('..')) bytes += await bytesOf(join(folder, plain));
  }
  return bytes;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 120) : value === undefined ? 'not set' : typeof value;
}
