import { taskManifest } from '@hearken/artifacts/node';
import { cacheFolders, isInsideFolder } from '@hearken/core/node';
import { readResults } from '@hearken/results/node';
import type { Task } from '@hearken/tasks';
import type { JobData } from '../jobs/job-data.js';
import { parseRootResult } from '../status/records.js';

/** Finds out whether what a root has finished is still right: its results are there, and the task is what it was. */
export class FinishedRoots {
  readonly #tasks: ReadonlyMap<string, Task>;
  readonly #hashes = new Map<string, Promise<string>>();

  constructor(
    tasks: readonly Task[],
    private readonly cache: string | undefined,
  ) {
    this.#tasks = new Map(tasks.map((task) => [task.folder, task]));
  }

  /** @param returned what the root's job returned, which is only believed if the files say so too */
  async has({ task: folder, ways, out }: JobData<'root'>, returned: unknown): Promise<boolean> {
    const said = parseRootResult(JSON.stringify(returned ?? null));
    const task = this.#tasks.get(folder);
    if (said === undefined || task === undefined) return false;
    const { results: paths, failed } = said;
    if (failed.length > 0 || paths.length !== ways.length) return false;
    if (!paths.every((path) => isInsideFolder(out, path))) return false;
    const { results } = await readResults(paths).catch(() => ({ results: [] }));
    if (results.length !== paths.length) return false;
    for (const { result } of results) {
      const { id, contentHash, sampleRate } = result.task;
      if (id !== task.id || (await this.#hashOf(task, sampleRate)) !== contentHash) return false;
    }
    return true;
  }

  #hashOf(task: Task, sampleRate: number): Promise<string> {
    const key = `${task.folder} ${sampleRate}`;
    const { manifests: folder } = cacheFolders(this.cache);
    const hash =
      this.#hashes.get(key) ??
      taskManifest(task, [sampleRate], { folder }).then(
        ({ contentHash }) => contentHash,
        () => '',
      );
    this.#hashes.set(key, hash);
    return hash;
  }
}
