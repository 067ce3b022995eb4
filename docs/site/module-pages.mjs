// How modules are shown: under the names that users import, with their package's README and their exports by topic.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DeclarationReflection,
  MinimalSourceFile,
  ReferenceReflection,
  ReflectionCategory,
  ReflectionKind,
} from 'typedoc';
import { packages, posix, publicEntries, root } from './public-entries.mjs';
import { compareTopics, topicOf } from './topics.mjs';

/** The public entry of a module; undefined for other files. */
export function entryOf(project, module) {
  const symbol = project.getSymbolIdFromReflection(module);
  const folder = packages.find(({ name }) => name === symbol?.packageName)?.folder;
  return publicEntries.find(({ source }) => source === `${folder}/${symbol?.packagePath}`);
}

/** A package's main module shows its README, and links to the package's folder or README lead there. */
export function addReadme({ converter, project }, module) {
  const entry = publicEntries.find(({ name }) => name === module.name);
  if (entry === undefined || packages.every(({ name }) => name !== module.name)) return;
  const folder = posix(join(root, entry.folder));
  const path = `${folder}/README.md`;
  if (existsSync(path)) {
    // The page already has the name as its title.
    const text = readFileSync(path, 'utf8').replace(/^\s*# .*\n/, '');
    module.readme = converter.parseRawComment(new MinimalSourceFile(text, path), project.files).content;
  }
  project.files.registerReflectionPath(path, module);
  project.files.registerReflectionPath(folder, module);
}

/** A module's exports by topic; re-exports from other modules come last. */
export function topics(module) {
  const byTitle = new Map();
  for (const child of module.children ?? []) {
    const title = child instanceof ReferenceReflection ? passedOn(child) : topicOf(symbolPath(child));
    if (!byTitle.has(title)) byTitle.set(title, new ReflectionCategory(title));
    byTitle.get(title).children.push(child);
  }
  return [...byTitle.values()].sort((left, right) => compareTopics(left.title, right.title));
}

function passedOn(reference) {
  let owner = reference.getTargetReflectionDeep();
  while (owner.parent && !(owner instanceof DeclarationReflection && owner.kindOf(ReflectionKind.Module))) {
    owner = owner.parent;
  }
  return `Also from ${owner.name}`;
}

function symbolPath(reflection) {
  const symbol = reflection.project.getSymbolIdFromReflection(reflection);
  return symbol === undefined ? '' : `${symbol.packageName}/${symbol.packagePath}`;
}
