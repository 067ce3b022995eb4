import { TaskError } from '@hearken/core';
import { clipName, taskNamePart } from './clip-names.js';
import type { ClipProblem } from './clip-problems.js';
import { shortNames } from './csv-dataset.js';
import type { Dataset, PlannedEntry } from './dataset.js';
import { findRecording } from './find-recording.js';
import { parseTable, yesOrNo } from './parse-table.js';
import { splitNamed, withValidation } from './planned-splits.js';
import { dividedTask, multiclassTask } from './scene-task.js';

const ownColumns = ['file', 'participant', 'split', 'age', 'sex', 'device', 'site', ''];

/**
 * CIDRZ: coughs of people in Zambia with and without tuberculosis. Not public: read from a table with a fixed layout.
 */
const cidrz: Dataset = {
  name: 'cidrz',
  title: 'CIDRZ tuberculosis coughs',
  url: 'https://arxiv.org/abs/2403.02522 (described there; given on request)',
  license: 'by agreement with the Centre for Infectious Disease Research in Zambia',
  citation: 'Baur et al. 2024, "HeAR - Health Acoustic Representations", arXiv 2403.02522',
  layout:
    'cidrz.csv with the columns file, participant, optionally split, age, sex, device, site, and one column of 0 and 1 (or empty) for each finding, such as tb; audio files in the same folder or below',
  sampleRate: 16_000,
  makes: 'cidrz_<finding> for each column of findings',
  expectedCounts: {},
  async plan(source, { seed }) {
    const path = source.one('cidrz.csv');
    const table = parseTable(await source.readText(path), path, { required: ['file', 'participant'] });
    const findings = table.columns.filter((name) => !ownColumns.includes(name));
    if (findings.length === 0) {
      throw new TaskError({
        asked: `findings in '${path}'`,
        found: 'no columns of findings',
        fix: 'add one such as tb',
      });
    }
    const problems: ClipProblem[] = [];
    const found = table.rows.flatMap((row) => {
      const recording = findRecording(row, row.get('file'), path, source);
      if ('file' in recording) return [{ row, file: recording.file }];
      problems.push(recording.problem);
      return [];
    });
    const names = shortNames(found.map(({ file }) => file));
    const clips = found.map(({ row, file }) => {
      const participant = row.get('participant');
      if (participant === '') throw row.fail('no participant', 'name the participant of every file');
      const metadata = Object.fromEntries(['age', 'sex', 'device', 'site'].map((name) => [name, row.get(name)]));
      const name = names.get(file) ?? clipName(file);
      return { row, clip: { name, source: file, group: participant, metadata } };
    });
    const grouping = { state: 'named', by: 'participant' } as const;
    const published = table.columns.includes('split');
    const tasks = findings.map((finding) => {
      const name = `cidrz_${taskNamePart(finding)}`;
      const labelled = clips.flatMap(({ row, clip }) => {
        const answer = yesOrNo(row, finding);
        return answer === undefined ? [] : [{ row, clip, content: [answer ? 'positive' : 'negative'] }];
      });
      const labels = ['negative', 'positive'];
      if (!published) return dividedTask(name, `Finding '${finding}'`, labels, labelled, { seed, grouping });
      const entries = labelled.map(({ row, clip, content }): PlannedEntry => {
        const split = splitNamed(row.get('split'));
        if (split === undefined) throw row.fail(`split '${row.get('split')}'`, 'write train, valid or test');
        return { clip, content, split };
      });
      const whole = entries.some(({ split }) => split === 'valid') ? entries : withValidation(entries, seed);
      return multiclassTask(name, `Finding '${finding}', in the split of the table.`, labels, whole);
    });
    const people = new Set(clips.map(({ clip }) => clip.group)).size;
    return { tasks, counts: { recordings: clips.length, people }, warnings: [], problems, grouping };
  },
};

export default cidrz;
