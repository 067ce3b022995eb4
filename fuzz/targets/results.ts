import { readdir, readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { markupProblem } from './markup-problem.js';
import { makeReport } from '../../packages/report/src/make-report.node.js';
import { findReportResults } from '../../packages/report/src/read/find-report-results.node.js';
import { readResultFile } from '../../packages/results/src/format/read-result.node.js';
import { verifyResult } from '../../packages/results/src/submit/verify-result.node.js';
import { type Target, UnsoundError } from '../engine/target.js';
import type { Files } from '../mutate/files.js';
import { wholeFolder } from './seed-files.js';
import { writeFiles } from './write-files.js';

const seeds = () =>
  Promise.all([wholeFolder('result-scene'), wholeFolder('result-scene-2'), wholeFolder('result-event')]);

const isJson = (name: string) => name.endsWith('.json');

/** With correct hashes, the files stored with a result are also read, not only hashed. */
function withHashes(files: Files): Files {
  const name = Object.keys(files).find(isJson);
  if (name === undefined) return files;
  try {
    const result = JSON.parse(Buffer.from(files[name]).toString()) as Record<
      string,
      { file?: string; sha256?: string } | null
    >;
    for (const field of ['predictions', 'testClips']) {
      const part = result[field];
      const beside = files[part?.file ?? ''];
      if (part && beside !== undefined) part.sha256 = createHash('sha256').update(beside).digest('hex');
    }
    return { ...files, [name]: Buffer.from(JSON.stringify(result)) };
  } catch {
    return files;
  }
}

async function written(files: Files, folder: string): Promise<string> {
  // Every second input keeps its hashes.
  await writeFiles(
    folder,
    Object.values(files).reduce((sum, { length }) => sum + length, 0) % 2 === 0 ? withHashes(files) : files,
  );
  return join(folder, Object.keys(files).find(isJson) ?? 'none.json');
}

/** Readers of other people's results, and the report made from them. */
export const resultTargets: readonly Target[] = [
  {
    ...{ name: 'verify', allowed: [], seeds, shortRuns: 20 },
    async run(files, context) {
      const folder = await context.folder();
      const path = await written(files, folder);
      const { problems } = await verifyResult(path);
      // It recomputes everything, so that a thrown error can't hide behind a reported problem.
      const hidden = problems.find(({ message }) => /make no sense|undefined|is not a function/.test(message));
      if (hidden !== undefined) throw new UnsoundError(`a problem in the code's words: ${hidden.message}`);
      await readResultFile(path);
    },
  },
  {
    ...{ name: 'report-results', allowed: ['FileError'], seeds },
    async run(files, context) {
      const folder = await context.folder();
      await written(files, folder);
      await findReportResults([folder]);
    },
  },
  {
    ...{ name: 'report', allowed: ['FileError'], seeds, shortRuns: 3 },
    async run(files, context) {
      const folder = await context.folder();
      await written(files, join(folder, 'results'));
      const out = join(folder, 'site');
      await makeReport({ results: [join(folder, 'results')], out, withPublished: false });
      for (const entry of await readdir(out, { recursive: true, withFileTypes: true })) {
        if (!/\.(?:svg|html)$/.test(entry.name)) continue;
        const problem = markupProblem(
          await readFile(join(entry.parentPath, entry.name), 'utf8'),
          entry.name.endsWith('.svg'),
        );
        if (problem !== undefined) throw new UnsoundError(`${entry.name}: ${problem}`);
      }
    },
  },
];
