import type { Artifacts } from '@hearken/artifacts';
import { decodeRecord, encodeRecord, keyName } from '@hearken/artifacts/node';
import { readPlainFile } from '@hearken/core/node';
import { hashIdentity } from '@hearken/results/internal/node';
import type { RunIdentity } from '@hearken/results/node';
import type { Journal } from '../evaluation/evaluation.js';

/** Far above the size of any probe's weights. */
const maximumRecordBytes = 2 ** 31;

/** The finished trainings of a run, which are removed when its result has been written. */
export interface TrainingRecords extends Journal {
  /** Removes all its records. */
  remove(): Promise<void>;
}

/**
 * The trainings that runs with the same identity have finished, whether they were interrupted or are still running.
 * Each record is one artifact; damaged ones count as missing.
 *
 * @param identity the run: model, task content and evaluation options
 * @param onDamage called with the path of each unusable record
 */
export function trainingRecords(
  artifacts: Artifacts,
  identity: RunIdentity,
  onDamage?: (path: string) => void,
): TrainingRecords {
  const folder = `trainings/${keyName(identity.task.id)}-${hashIdentity(identity).slice(0, 20)}`;
  const keyOf = (name: string) => `${folder}/${hashIdentity(name).slice(0, 20)}.record`;
  return {
    async read(name) {
      const path = await artifacts.fetch(keyOf(name));
      if (path === undefined) return undefined;
      const bytes = await readPlainFile(path, { maximumBytes: maximumRecordBytes }).catch(() => undefined);
      if (bytes === undefined) return undefined;
      const record = decodeRecord(bytes, name);
      if (record === undefined) onDamage?.(path);
      return record;
    },
    async write(name, record) {
      // What is there is damaged, or the same.
      await artifacts.write(keyOf(name), encodeRecord(name, record), { replace: true });
    },
    async remove() {
      await artifacts.removeAll(folder);
    },
  };
}
