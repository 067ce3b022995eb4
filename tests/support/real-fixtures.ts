import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';

/** Tests on fine-tuned checkpoints of PyTorch, in the same folder; `name` is one under `../shared/fixtures/training`. */
export function describeTrainingFixtures(name: string, title: string, test: (folder: string) => void): void {
  describeFixtures(`training/${name}`, title, test);
}

/**
 * Tests on released weights and real recordings, which are not part of the project: they are read from the folder next
 * to the checkout. If it is missing, the test says so; with `CI=true` it fails.
 *
 * @param name folder under `../shared/fixtures/real`
 */
export function describeRealFixtures(name: string, title: string, test: (folder: string) => void): void {
  describeFixtures(`real/${name}`, title, test);
}

function describeFixtures(name: string, title: string, test: (folder: string) => void): void {
  const folder = fileURLToPath(new URL(`../../../shared/fixtures/${name}`, import.meta.url));
  describe(title, () => {
    if (existsSync(folder)) {
      test(folder);
      return;
    }
    it.skipIf(process.env.CI !== 'true')(`needs ${folder}`, () => {
      throw new Error(`${folder} is not there: put the real fixtures beside the project, or unset CI`);
    });
  });
}
