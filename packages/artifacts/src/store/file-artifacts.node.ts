import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { removeLeftovers, writeFileAtomic, writeNewFile, writing } from '@hearken/core/node';
import { type Artifacts, checkKey, isKey } from './artifacts.js';

/** Artifacts as files below a folder, which several processes and hosts may share. */
export class FileArtifacts implements Artifacts {
  /** @param folder is created when something is written */
  constructor(readonly folder: string) {}

  async has(key: string): Promise<boolean> {
    return (await this.fetch(key)) !== undefined;
  }

  async fetch(key: string): Promise<string | undefined> {
    const path = this.localPath(key);
    return stat(path).then(
      (status) => (status.isFile() ? path : undefined),
      () => undefined,
    );
  }

  async write(key: string, content: Uint8Array, { replace = false } = {}): Promise<boolean> {
    const path = this.localPath(key);
    return retried(async () => {
      if (!replace) return writeNewFile(path, content);
      await writeFileAtomic(path, content);
      return true;
    });
  }

  async list(folder: string): Promise<string[]> {
    const root = this.localPath(folder);
    await removeLeftovers(root);
    const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
    const keys: string[] = [];
    for (const entry of entries) {
      const key = `${folder}/${entry.name}`;
      // Other programs may put folders there, such as `.snapshot`.
      if (!isKey(key)) continue;
      if (entry.isDirectory()) keys.push(...(await this.list(key)));
      else if (entry.isFile() && !isUnfinished(entry.name)) keys.push(key);
    }
    return keys.sort();
  }

  async remove(key: string): Promise<void> {
    const path = this.localPath(key);
    await writing(path, () => rm(path, { force: true }));
  }

  async removeAll(folder: string): Promise<void> {
    const path = this.localPath(folder);
    // Another process may be writing there: then the folder is not empty when its files have been removed.
    await writing(path, () => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 }));
  }

  localPath(key: string): string {
    return join(this.folder, ...checkKey(key).split('/'));
  }
}

/**
 * Does something again if its folder was removed meanwhile: another process that has finished removes what it no longer
 * needs.
 */
export async function retried<Value>(write: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      const { cause } = error as { readonly cause?: NodeJS.ErrnoException };
      const code = cause?.code ?? (error as NodeJS.ErrnoException).code;
      if (code !== 'ENOENT' || attempt === 5) throw error;
    }
  }
}

/** Temporary files and parts of artifacts. */
export function isUnfinished(name: string): boolean {
  return name.startsWith('.') || name.endsWith('.part');
}
