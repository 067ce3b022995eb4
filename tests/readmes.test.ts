import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCleanly } from './support/clean-process.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = new URL('../scripts/typescript-sources.mjs', import.meta.url).href;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearken-readme-'));
  await cp(join(root, 'tests/fixtures/results-of-0.1.0/baseline-mel'), join(folder, 'results'), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The first example of a README, and its stated output. */
function firstExample(text: string): { readonly code: string; readonly printed: readonly string[] } {
  const code = /^```ts\n(.*?)^```$/ms.exec(text)?.[1] ?? '';
  return { code, printed: [...code.matchAll(/^console\.log\(.*\); \/\/ (.+)$/gm)].map(([, said]) => said) };
}

it.each(['artifacts', 'campaigns', 'cluster', 'metrics', 'report', 'results', 'signals', 'tasks', 'train'])(
  'the first example of @hearken/%s prints what its README says',
  async (name) => {
    const { code, printed } = firstExample(await readFile(join(root, 'packages', name, 'README.md'), 'utf8'));
    expect(printed).not.toEqual([]);
    await writeFile(join(folder, 'example.mjs'), code);
    const args = ['--conditions=@hearken/source', '--import', sources, 'example.mjs'];
    const { status, stdout, stderr } = await runCleanly(process.execPath, args, { cwd: folder });
    expect({ status, stderr, printed: stdout.trimEnd().split('\n') }).toEqual({ status: 0, stderr: '', printed });
  },
);
