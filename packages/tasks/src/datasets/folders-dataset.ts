import { basename } from 'node:path';
import { OptionError, TaskError } from '@hearken/core';
import { taskNamePart } from './clip-names.js';
import { shortNames } from './csv-dataset.js';
import { stopsConversion, unusableRecordings } from './clip-problems.js';
import type { Grouping } from '../task.js';
import type { Dataset } from './dataset.js';
import { modalityOfFile } from './file-kinds.js';
import { missingRecording } from './find-recording.js';
import { genericTask, type SplitClip } from './generic-task.js';
import { splitNamed } from './planned-splits.js';

/** One folder per class. */
const foldersDataset: Dataset = {
  name: 'folders',
  title: 'A folder for each class',
  url: '',
  license: 'your own data',
  citation: '',
  layout: '<class>/<file>, or <train|valid|test>/<class>/<file>; files may be in subfolders',
  sampleRate: 'source',
  makes: 'one multiclass task, named by --name',
  expectedCounts: {},
  plan(source, options) {
    // A header and its data file are one record, named by the header.
    const records = source.files.filter((path) => modalityOfFile(path) !== undefined);
    const links = [...source.links].filter(([path, what]) => what === folderLink || modalityOfFile(path) !== undefined);
    const problems = links.map(([path, found]) =>
      missingRecording(path, undefined, found, 'replace the link by the file itself, or remove it'),
    );
    if (problems.some((problem) => stopsConversion(problem, options)))
      throw unusableRecordings(source.folder, problems);
    const files = records.filter((path) => !(/\.dat$/i.test(path) && source.has(path.replace(/\.dat$/i, '.hea'))));
    const loose = files.find((path) => !path.includes('/'));
    if (files.length === 0 || loose !== undefined) {
      throw new TaskError({
        asked: `a folder for each class in '${source.folder}'`,
        found: loose === undefined ? 'no audio file or ECG record' : `'${loose}', which is not in a folder`,
        fix: 'move every file into the folder of its class',
      });
    }
    const inSplits = files.every((path) => {
      const parts = path.split('/');
      return parts.length > 2 && splitNamed(parts[0]) !== undefined;
    });
    const names = shortNames(files);
    if (options.groupColumn !== undefined && options.groupColumn !== 'none') {
      const fix = 'find the people in the paths with --group-pattern, or pass none if no two files share a person';
      throw new OptionError({ asked: `group column '${options.groupColumn}' for a folder`, found: 'no table', fix });
    }
    const pattern = options.groupPattern === 'none' ? undefined : options.groupPattern;
    const none = options.groupColumn === 'none' || options.groupPattern === 'none';
    const grouping: Grouping =
      pattern === undefined ? { state: none ? 'none' : 'unknown' } : { state: 'named', by: 'person in the path' };
    const groupOf = groupReader(pattern);
    const clips = files.map((path): SplitClip => {
      const [first, second] = path.split('/');
      return {
        clip: { name: names.get(path) ?? path, source: path, group: groupOf(path), metadata: {} },
        content: [inSplits ? second : first],
        split: inSplits ? first : '',
      };
    });
    const task = genericTask(
      clips,
      {
        name: taskNamePart(options.name ?? basename(source.folder)),
        description: 'A folder for each class.',
        predictionType: 'multiclass',
        grouping,
      },
      options,
    );
    return Promise.resolve({ tasks: [task], counts: { files: clips.length }, warnings: [], problems, grouping });
  },
};

export default foldersDataset;

const folderLink = 'a link to a folder';

/** Finds the person in a path; without a pattern, every file is a different person. */
function groupReader(pattern: string | undefined): (path: string) => string {
  if (pattern === undefined) return (path) => path;
  let expression: RegExp;
  try {
    expression = new RegExp(pattern, 'u');
  } catch (cause) {
    throw new OptionError({
      asked: `group pattern '${pattern}'`,
      found: (cause as Error).message,
      fix: 'pass a regular expression with a group, such as ^[^/]+/(\\w+)_',
      cause,
    });
  }
  return (path) => {
    const match = expression.exec(path);
    const group = match?.[1] ?? match?.[0] ?? '';
    if (group !== '') return group;
    throw new TaskError({
      asked: `person in '${path}' by the pattern '${pattern}'`,
      found: 'no match',
      fix: 'change the pattern, or rename the file',
    });
  };
}
