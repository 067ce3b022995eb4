// How guides appear: their titles, the anchors of their headings, and their places in navigation and search.
import { basename, join } from 'node:path';
import { ReferenceReflection, ReflectionKind } from 'typedoc';
import { groups } from './guides.mjs';
import { posix, root } from './public-entries.mjs';

/** A page without a title in its front matter is called by its heading; one without a heading gets its title as one. */
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

/** TypeDoc leaves code out of the anchors of headings, GitHub does not; links of guides lead somewhere on both. */
export function withOtherAnchor(whole, anchor, inner) {
  const text = inner.replace(/<[^>]*>/g, '').replace(/&[a-z]+;/g, '');
  const other = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
  return other === anchor || !inner.includes('<code>') ? whole : whole.replace('>', `><span id="${other}"></span>`);
}

/** The guides are unfolded in the navigation until a reader folds them; TypeDoc keeps that under such names. */
export const openGroups = `try {
  for (const group of ${JSON.stringify(groups)}) {
    const key = 'tsd-accordion-' + group;
    if (localStorage.getItem(key) === null) localStorage.setItem(key, 'true');
  }
} catch {}`;

/** What people look for first: guides, then design notes, what can be imported, and its parts; what is passed on is found once. */
export function rankInSearch(reflection) {
  if (reflection.isDocument()) reflection.relevanceBoost = documentBoost(reflection);
  else if (reflection instanceof ReferenceReflection) reflection.relevanceBoost = 0;
  else if (reflection.isDeclaration()) {
    const isExport = reflection.parent?.kindOf(ReflectionKind.Module) ?? false;
    reflection.relevanceBoost = isExport ? 3 : 0.5;
  }
}

/** The command reference is so long that a word of it counts for little, but every option is explained there. */
function documentBoost({ name, frontmatter }) {
  if (name === 'Commands') return 80;
  return frontmatter.group === 'Design' ? 10 : 40;
}
