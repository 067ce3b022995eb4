import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import { TaskError } from '@hearken/core';
import { readPlainFile } from '@hearken/core/node';
import { decodeText, groupBy } from '@hearken/core/internal';

const maximumFiles = 4_000_000;
const maximumDepth = 16;
const maximumTextBytes = 2 ** 28;

/** The files of a downloaded dataset. Paths are relative to its folder, with `/`; nothing outside can be named. */
export interface SourceFolder {
  readonly folder: string;
  /** All files, sorted by path, including links to files in the folder; without other links and hidden files. */
  readonly files: readonly string[];
  /** Links that are not followed, with the reason: they lead nowhere, out of the folder, or to a folder. */
  readonly links: ReadonlyMap<string, string>;
  /** What is wrong with the link of this name, in a folder of this name if given; undefined if there is none. */
  linkNamed(name: string, folder?: string): string | undefined;
  /** What is wrong with the link whose name without extension is `stem`; undefined if there is none. */
  linkStemmed(stem: string): string | undefined;
  /** Files of this name (without folders) in any folder. */
  named(name: string): readonly string[];
  /** Files whose name without extension is `stem`. */
  stemmed(stem: string): readonly string[];
  has(path: string): boolean;
  /** The only file of this name. @throws TaskError if there is none, or several */
  one(name: string): string;
  /** Text of a file in any common encoding, without byte order mark. */
  readText(path: string): Promise<string>;
  /** The bytes of a file; its size is checked first. */
  size(path: string): Promise<number>;
}

/** A file's name without folders and extension. */
export function stemOf(path: string): string {
  return basename(path, extname(path));
}

/**
 * Lists a dataset's folder.
 *
 * @param except a folder to skip: the output folder may be inside the dataset's
 * @throws TaskError if it is not a folder or is empty
 */
export async function openSourceFolder(folder: string, except?: string): Promise<SourceFolder> {
  const asked = `dataset in '${folder}'`;
  const status = await stat(folder).catch(() => undefined);
  if (status?.isDirectory() !== true) {
    throw new TaskError({
      asked,
      found: status ? 'not a folder' : 'no such folder',
      fix: 'pass the unpacked download',
    });
  }
  const { files, links } = await listFiles(folder, asked, except === undefined ? '' : resolve(except));
  if (files.length === 0 && links.size === 0)
    throw new TaskError({ asked, found: 'an empty folder', fix: 'unpack the download there' });
  const names = groupBy(files, (path) => basename(path));
  const stems = groupBy(files, stemOf);
  const linkNames = groupBy([...links.keys()], (path) => basename(path));
  const linkStems = groupBy([...links.keys()], stemOf);
  const known = new Set(files);
  const sizes = new Map<string, Promise<number>>();
  const fail = (path: string, found: string, fix: string, cause?: unknown) =>
    new TaskError({ asked: `'${path}' of ${asked}`, found, fix, cause });
  return {
    folder,
    files,
    links,
    named: (name) => names.get(name) ?? [],
    stemmed: (stem) => stems.get(stem) ?? [],
    linkNamed(name, parent) {
      const isIn = (path: string) => parent === undefined || basename(dirname(path)) === parent;
      return links.get(linkNames.get(name)?.find(isIn) ?? '');
    },
    linkStemmed: (stem) => links.get(linkStems.get(stem)?.[0] ?? ''),
    has: (path) => known.has(path),
    one(name) {
      const found = names.get(name) ?? [];
      if (found.length === 1) return found[0];
      if (found.length === 0) throw fail(name, 'no file of that name', 'download and unpack all parts of the dataset');
      throw fail(
        name,
        `${found.length}: ${found.slice(0, 3).join(', ')}`,
        'pass the folder of one copy of the dataset',
      );
    },
    async readText(path) {
      if (!known.has(path)) throw fail(path, 'no such file', 'download and unpack all parts of the dataset');
      const bytes = await readPlainFile(join(folder, path), {
        maximumBytes: maximumTextBytes,
        within: folder,
        refuse: ({ found, fix, cause }) => fail(path, found, fix, cause),
      });
      return decodeText(bytes);
    },
    size(path) {
      const size = sizes.get(path) ?? stat(join(folder, path)).then((status) => status.size);
      sizes.set(path, size);
      return size;
    },
  };
}

async function listFiles(
  folder: string,
  asked: string,
  except: string,
): Promise<{ files: string[]; links: Map<string, string> }> {
  const files: string[] = [];
  const links = new Map<string, string>();
  const root = await realpath(folder);
  const visit = async (relative: string, depth: number): Promise<void> => {
    const entries = await readdir(join(folder, relative), { withFileTypes: true });
    for (const entry of entries) {
      if (entry.name.startsWith('.') || entry.name === '__MACOSX') continue;
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory() && depth < maximumDepth) {
        if (resolve(folder, path) !== except) await visit(path, depth + 1);
      } else if (entry.isFile()) files.push(path);
      else if (entry.isSymbolicLink()) {
        const problem = await linkProblem(join(folder, path), root);
        if (problem === undefined) files.push(path);
        else links.set(path, problem);
      }
      if (files.length + links.size > maximumFiles) {
        throw new TaskError({ asked, found: `over ${maximumFiles} files`, fix: "pass the dataset's own folder" });
      }
    }
  };
  await visit('', 0);
  // By code unit, which is the same in every locale.
  return { files: files.sort(), links };
}

/** Why a link is not followed; undefined for links to files in the same folder, as made by git-annex and DVC. */
async function linkProblem(path: string, root: string): Promise<string | undefined> {
  const target = await realpath(path).catch(() => undefined);
  if (target === undefined) return 'a link that leads nowhere';
  if (!target.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)) return 'a link that leads out of the folder';
  const status = await stat(target).catch(() => undefined);
  if (status?.isDirectory() === true) return 'a link to a folder';
  return status?.isFile() === true ? undefined : 'a link to something other than a file';
}
