// How guides are shown: their titles, the anchors of their headings, and their places in navigation and search.
import { basename, join } from 'node:path';
import { ReferenceReflection, ReflectionKind } from 'typedoc';
import { groups } from './guides.mjs';
import { posix, root } from './public-entries.mjs';

/** A page without a title in its front matter is named after its heading; one without a heading gets its title as heading. */
export function nameDocument(project, document) {
  const path = project.files.getReflectionPath(document);
  const first = document.content[0];
  const heading = /^\s*# (.+)/.exec(first?.text ?? '')?.[1];
  if (heading === undefined) document.content.unshift({ kind: 'text', text: `# ${document.name}\n\n` });
  else if (path.endsWith(`${document.name}.md`)) document.name = heading.replaceAll('`', '').trim();
  if (basename(path) === 'CONTRIBUTING.md') document.frontmatter.group = 'Reference';
  if (basename(path) === 'playground.md') {
    project.files.registerReflectionPath(posix(join(root, 'docs/playground')), document);
  }
}

export const heading = /<h[1-6] id="([^"]*)" class="tsd-anchor-link">(.*?)<a href="#/g;

/** TypeDoc omits code from the anchors of headings and GitHub doesn't; links in guides must work on both. */
export function withOtherAnchor(whole, anchor, inner) {
  const text = inner.replace(/<[^>]*>/g, '').replace(/&[a-z]+;/g, '');
  const other = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
  return other === anchor || !inner.includes('<code>') ? whole : whole.replace('>', `><span id="${other}"></span>`);
}

/** Guides are expanded in the navigation until a reader collapses them; TypeDoc stores this under such keys. */
export const openGroups = `try {
  for (const group of ${JSON.stringify(groups)}) {
    const key = 'tsd-accordion-' + group;
    if (localStorage.getItem(key) === null) localStorage.setItem(key, 'true');
  }
} catch {}`;

/** Order of search results: guides, design notes, exports, and their members; re-exports are not listed twice. */
export function rankInSearch(reflection) {
  if (reflection.isDocument()) reflection.relevanceBoost = documentBoost(reflection);
  else if (reflection instanceof ReferenceReflection) reflection.relevanceBoost = 0;
  else if (reflection.isDeclaration()) {
    const isExport = reflection.parent?.kindOf(ReflectionKind.Module) ?? false;
    reflection.relevanceBoost = isExport ? 3 : 0.5;
  }
}

/** The command reference is so long that each of its words counts little, but it is the page that explains every option. */
function documentBoost({ name, frontmatter }) {
  if (name === 'Commands') return 80;
  return frontmatter.group === 'Design' ? 10 : 40;
}
