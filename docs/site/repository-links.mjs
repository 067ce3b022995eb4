// Links from the site's pages into the repository.
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { posix, root } from './public-entries.mjs';
import { repository } from './repository.mjs';

/** Points links to files that are not on the site to the published repository. */
export function linkAllToRepository(project) {
  const linked = new Set();
  for (const { comment, readme, content } of [project, ...Object.values(project.reflections)]) {
    const texts = [comment?.summary, ...(comment?.blockTags ?? []).map((tag) => tag.content), readme, content];
    for (const parts of texts) for (const target of linkToRepository(project, parts)) linked.add(target);
  }
  // Otherwise TypeDoc would try to copy the targets to the site, which fails for folders.
  for (const target of linked) {
    project.files.pathToMedia.delete(project.files.resolvePath(target));
    project.files.mediaToPath.delete(target);
  }
}

/**
 * Points the links of one page to the published repository, if their targets are in the repository and not on the site.
 *
 * @returns the keys of those files in TypeDoc
 */
function linkToRepository(project, parts) {
  const linked = [];
  for (const part of parts ?? []) {
    if (part.kind !== 'relative-link' || part.target === undefined) continue;
    const found = project.files.resolve(part.target, project);
    if (typeof found !== 'string') continue;
    const path = posix(relative(root, found));
    if (path.startsWith('..') || /\.(svg|png|jpe?g)$/.test(path)) continue;
    // TypeDoc reports paths that don't exist.
    if (!existsSync(found)) continue;
    const anchor = part.targetAnchor === undefined ? '' : `#${part.targetAnchor}`;
    part.text = `${repository}/tree/main/${path}${anchor}`;
    part.kind = 'text';
    linked.push(part.target);
    delete part.target;
    delete part.targetAnchor;
  }
  return linked;
}
