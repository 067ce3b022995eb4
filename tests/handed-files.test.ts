// Files from other programs, and files that failed once, read with the functions that users call: the result is the
// expected value, a typed error, or a refusal with the reason. The expectations are next to the files; nothing here
// depends on a file's name.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { decodeAudioFile, readEcgFile } from '@hearken/signals/node';
import { openTasks } from '@hearken/tasks/node';
import { openCheckpoint } from '@hearken/onnx';
import { openFileSource } from '@hearken/onnx/node';
import { afterAll, describe, expect, it } from 'vitest';
import { caseTitle, outcomeOf, problemsOf, type ReadFile } from './support/file-cases.js';
import { CaseTable } from './support/case-table.js';
import { attackCases, faultCases, faultsFolder, fixtureCases, type HandedCase } from './support/handed-files.js';

const readers: Readonly<Record<HandedCase['kind'], (one: HandedCase) => Promise<ReadFile>>> = {
  async audio({ path }) {
    const { channels, sampleRate } = await decodeAudioFile(path);
    return { rate: sampleRate, channels, warnings: [] };
  },
  async ecg({ path, sampleRate, right: { ask } }) {
    // A filled gap is not a value from an independent reader.
    const record = await readEcgFile(path, { leads: ask?.leads, sampleRate, gaps: 'keep' });
    const samples = record.signal.length / record.leads.length;
    const channels = record.leads.map((_, lead) => record.signal.subarray(lead * samples, (lead + 1) * samples));
    return { rate: record.sampleRate, leads: record.leads, channels, warnings: record.warnings };
  },
  async checkpoint({ path }) {
    const source = await openFileSource(path);
    try {
      await openCheckpoint(source);
      return { rate: 0, channels: [], warnings: [] };
    } finally {
      await source.close();
    }
  },
  async archive({ path }) {
    const cacheFolder = await mkdtemp(join(tmpdir(), 'hearken-archive-'));
    try {
      await openTasks(path, { cacheFolder });
      return { rate: 0, channels: [], warnings: [] };
    } finally {
      await rm(cacheFolder, { recursive: true, force: true });
    }
  },
};

describe.each([
  ['files of other programs', fixtureCases()],
  ['files that failed once', faultCases()],
  ['files that were made to do harm', attackCases()],
])('%s', (title, cases) => {
  const table = new CaseTable(title);
  afterAll(() => {
    table.print();
  });

  it.skipIf(cases.length > 0 || process.env.CI !== 'true')('are there', () => {
    expect(cases, `put them beside the project, as ${faultsFolder}, or unset CI`).not.toEqual([]);
  });

  it.each(cases.map((one) => [`${one.part}/${caseTitle(one.right)}`, one] as const))('%s', async (name, one) => {
    const outcome = await outcomeOf(() => readers[one.kind](one));
    const problems = problemsOf({ ...one.right, file: basename(one.right.file) }, outcome);
    table.add(name, outcome, problems);
    expect(problems).toEqual([]);
  });
});
