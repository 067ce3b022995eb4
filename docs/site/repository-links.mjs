// Links from the site's pages into the repository.
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { posix, root } from './public-entries.mjs';
import { repository } from './repository.mjs';

/** Links of guides, READMEs and comments to what the site does not hold go to where the repository is published. */
export function linkAllToRepository(project) {
  const linked = new Set();
  for (const { comment, readme, content } of [project, ...Object.values(project.reflections)]) {
    const texts = [comment?.summary, ...(comment?.blockTags ?? []).map((tag) => tag.content), readme, content];
    for (const parts of texts) for (const target of linkToRepository(project, parts)) linked.add(target);
  }
  // TypeDoc would look for what is to be copied to the site, and folders cannot be.
  for (const target of linked) {
    project.files.pathToMedia.delete(project.files.resolvePath(target));
    project.files.mediaToPath.delete(target);
  }
}

/**
 * What a page links to in the repository and the site does not hold is linked to where the repository is published.
 *
 * @returns what TypeDoc knows those files by
 */
function linkToRepository(project, parts) {
  const linked = [];
  for (const part of parts ?? []) {
    if (part.kind !== 'relative-link' || part.target === undefined) continue;
    const found = project.files.resolve(part.target, project);
    if (typeof found !== 'string') continue;
    const path = posix(relative(root, found));
    if (path.startsWith('..') || /\.(svg|png|jpe?g)$/.test(path)) continue;
    // A path that is not there stays as it is: TypeDoc reports it.
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
