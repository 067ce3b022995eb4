import { type FSWatcher, watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { FileError } from '@hearken/core';
import { isInsideFolder } from '@hearken/core/node';

/** Folders below a watched one, at most; a task has one for each sample rate and split. */
const mostFolders = 10_000;

/** How to watch. */
export interface ChangeWatcherOptions {
  /** Folders whose changes don't count, such as that of the results. */
  readonly ignored?: readonly string[];
  /** Milliseconds without a change after which a change is told: a save may be several writes. Default: 300. */
  readonly settleMilliseconds?: number;
}

/**
 * Notices changes of files and folders. Folders are watched, not files: a task of millions of clips has few folders, and an
 * editor that replaces a file is noticed too.
 */
export class ChangeWatcher {
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #names = new Map<string, Set<string> | undefined>();
  readonly #changed = new Set<string>();
  readonly #ignored: readonly string[];
  readonly #settle: number;
  #onChange: () => void = () => undefined;

  constructor({ ignored = [], settleMilliseconds = 300 }: ChangeWatcherOptions = {}) {
    this.#ignored = ignored.map((path) => resolve(path));
    this.#settle = settleMilliseconds;
  }

  /**
   * Watches these paths, and no others any more. A path that does not exist is noticed when it appears.
   *
   * @throws FileError if the system does not watch as many folders
   */
  async watch(paths: readonly string[]): Promise<void> {
    const wanted = new Map<string, Set<string> | undefined>();
    for (const path of paths.map((one) => resolve(one))) {
      const isFolder = await stat(path).then(
        (status) => status.isDirectory(),
        () => false,
      );
      if (isFolder) for (const folder of await this.#foldersOf(path)) wanted.set(folder, undefined);
      else if (!wanted.has(dirname(path)) || wanted.get(dirname(path)) !== undefined) {
        wanted.set(dirname(path), (wanted.get(dirname(path)) ?? new Set<string>()).add(basename(path)));
      }
    }
    for (const [folder, watcher] of this.#watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of wanted.keys()) if (!this.#watchers.has(folder)) this.#start(folder);
    this.#names.clear();
    for (const [folder, names] of wanted) this.#names.set(folder, names);
  }

  /**
   * Waits for changes since the last call, and until they have settled.
   *
   * @returns the changed paths
   * @throws the abort signal's reason
   */
  async next(abortSignal?: AbortSignal): Promise<string[]> {
    await new Promise<void>((done, fail) => {
      let timer: NodeJS.Timeout | undefined;
      const stop = () => {
        clearTimeout(timer);
        abortSignal?.removeEventListener('abort', aborted);
        this.#onChange = () => undefined;
      };
      const aborted = () => {
        stop();
        fail(abortSignal?.reason as Error);
      };
      if (abortSignal?.aborted === true) return aborted();
      abortSignal?.addEventListener('abort', aborted);
      this.#onChange = () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          stop();
          done();
        }, this.#settle);
      };
      if (this.#changed.size > 0) this.#onChange();
    });
    const changed = [...this.#changed].sort();
    this.#changed.clear();
    return changed;
  }

  /** Ends watching. */
  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #start(folder: string): void {
    try {
      const watcher = watch(folder, (_, name) => {
        this.#notice(folder, name);
      });
      // A folder that is removed; the one above it tells.
      watcher.on('error', () => {
        watcher.close();
        this.#watchers.delete(folder);
      });
      this.#watchers.set(folder, watcher);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT') return;
      throw new FileError({
        asked: `changes of folder '${folder}'`,
        found: code === 'ENOSPC' || code === 'EMFILE' ? 'no more folders that the system watches' : String(cause),
        fix: 'name fewer folders, or raise fs.inotify.max_user_watches',
        cause,
      });
    }
  }

  #notice(folder: string, name: string | null): void {
    const names = this.#names.get(folder);
    if (names !== undefined && name !== null && !names.has(name)) return;
    const path = name === null ? folder : join(folder, name);
    if (this.#isIgnored(path)) return;
    this.#changed.add(path);
    this.#onChange();
  }

  #isIgnored(path: string): boolean {
    return this.#ignored.some((folder) => isInsideFolder(folder, path));
  }

  /** A folder and those below it, but for ignored and hidden ones. */
  async #foldersOf(root: string): Promise<string[]> {
    const folders = [root];
    for (let index = 0; index < folders.length && folders.length < mostFolders; index += 1) {
      for (const entry of await readdir(folders[index], { withFileTypes: true }).catch(() => [])) {
        const path = join(folders[index], entry.name);
        if (entry.isDirectory() && !entry.name.startsWith('.') && !this.#isIgnored(path)) folders.push(path);
      }
    }
    return folders;
  }
}
