import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** The links and anchors of a page of the site. */
export interface SitePage {
  /** Relative to the site, with `/` between folders. */
  readonly path: string;
  readonly html: string;
  /** The values of `href` and `src`, with entities decoded. */
  readonly links: readonly string[];
  /** The names that the `#...` of a URL may have. */
  readonly anchors: ReadonlySet<string>;
}

/** Every page of a site. */
export function readPages(site: string): SitePage[] {
  return filesOf(site)
    .filter((path) => path.endsWith('.html'))
    .map((path) => {
      const html = readFileSync(join(site, path), 'utf8');
      return {
        path,
        html,
        links: attributes(html, /\s(?:href|src)="([^"]*)"/g),
        anchors: new Set(attributes(html, /\s(?:id|name)="([^"]*)"/g)),
      };
    });
}

/** Every file of a folder, relative to it. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.relative(folder, posix.join(entry.parentPath, entry.name)));
}

/** Links within the site that lead nowhere: `page: link`. */
export function brokenLinks(pages: readonly SitePage[], files: ReadonlySet<string>): string[] {
  const byPath = new Map(pages.map((page) => [page.path, page]));
  return pages.flatMap((page) =>
    page.links.filter((link) => !leadsSomewhere(page, link, byPath, files)).map((link) => `${page.path}: ${link}`),
  );
}

function leadsSomewhere(
  page: SitePage,
  link: string,
  pages: ReadonlyMap<string, SitePage>,
  files: ReadonlySet<string>,
): boolean {
  if (/^(https?:|mailto:|data:)/.test(link)) return true;
  const [path, anchor] = link.split('#', 2);
  const target = path === '' ? page.path : posix.normalize(posix.join(posix.dirname(page.path), decodeURI(path)));
  if (!files.has(target)) return false;
  // Icons are parts of a drawing, and an empty anchor is the top of the page.
  if (anchor === undefined || anchor === '' || !target.endsWith('.html')) return true;
  return pages.get(target)?.anchors.has(decodeURIComponent(anchor)) === true;
}

function attributes(html: string, pattern: RegExp): string[] {
  return Array.from(html.matchAll(pattern), ([, value]) => decodeEntities(value));
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function decodeEntities(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name]);
}
