import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileError } from '@hearken/core';
import { copyPlainFile, writeFileInPlace } from '@hearken/core/node';

/** Marks a folder as a report, so that the next report may replace it. */
const marker = '.hearken-report';
const folders = ['assets', 'data', 'models', 'pictures', 'tasks'] as const;

/** Where the pages' static files are: next to `src` and `dist`, because they are not compiled. */
const assets = new URL('../../assets/', import.meta.url);

/** The folder that a site is written to. */
export class SiteFolder {
  private constructor(private readonly root: string) {}

  /**
   * Creates the folder, or empties that of an earlier report.
   *
   * @throws FileError for a folder with other files in it: user files are never overwritten
   */
  static async open(root: string): Promise<SiteFolder> {
    try {
      await mkdir(root, { recursive: true });
      const entries = await readdir(root);
      if (entries.length > 0 && !entries.includes(marker)) {
        throw new FileError({
          asked: `a report in '${root}'`,
          found: 'a folder with other files in it',
          fix: 'choose a new or empty folder',
        });
      }
      for (const folder of folders) await rm(join(root, folder), { recursive: true, force: true });
      for (const folder of folders) await mkdir(join(root, folder), { recursive: true });
      await writeFileInPlace(join(root, marker), 'Made by hearken report, which may replace what is in this folder.\n');
      return new SiteFolder(root);
    } catch (cause) {
      throw cause instanceof FileError ? cause : failed(root, cause);
    }
  }

  /** Writes a file of the site, and returns its path. */
  async write(path: string, content: string | Uint8Array): Promise<string> {
    const file = join(this.root, ...path.split('/'));
    await mkdir(dirname(file), { recursive: true }).catch(() => undefined);
    await writeFileInPlace(file, content);
    return file;
  }

  async copyAssets(): Promise<void> {
    for (const name of ['page.js', 'style.css']) {
      const to = join(this.root, 'assets', name);
      await copyPlainFile(fileURLToPath(new URL(name, assets)), to).catch((cause: unknown) => {
        throw cause instanceof FileError ? cause : failed(to, cause);
      });
    }
  }
}

function failed(path: string, cause: unknown): FileError {
  return new FileError({
    asked: `report file '${path}'`,
    found: (cause as Error).message,
    fix: 'check the folder, its permissions and the free disk space',
    cause,
  });
}
