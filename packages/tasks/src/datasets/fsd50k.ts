import { TaskError } from '@hearken/core';
import { isRecord, parseJson } from '@hearken/core/internal';
import type { ClipProblem } from './clip-problems.js';
import type { Dataset, PlannedEntry } from './dataset.js';
import type { PlannedClip } from './planned-clip.js';
import { missingRecording } from './find-recording.js';
import { parseTable, type TableRow } from './parse-table.js';
import { splitNamed, threeSplits } from './planned-splits.js';
import type { SourceFolder } from './source-folder.node.js';

/** The classes that HeAR's paper (Baur et al. 2024, arXiv 2403.02522) calls health acoustic events. */
const healthLabels = ['Breathing', 'Cough', 'Laughter', 'Respiratory_sounds', 'Sneeze', 'Speech'];

/** FSD50K; the tasks are about the sounds of the body. */
const fsd50k: Dataset = {
  name: 'fsd50k',
  title: 'FSD50K health acoustic events',
  url: 'https://zenodo.org/records/4060432',
  license: 'CC BY 4.0 for the dataset; each clip has its own (CC0, CC BY, CC BY-NC, CC Sampling+)',
  citation:
    'Fonseca et al. 2022, "FSD50K: An Open Dataset of Human-Labeled Sound Events", IEEE/ACM Transactions on Audio, Speech, and Language Processing 30, 829-852',
  layout:
    'FSD50K.dev_audio, FSD50K.eval_audio, FSD50K.ground_truth/{dev,eval,vocabulary}.csv; optionally FSD50K.metadata for uploaders and licences',
  sampleRate: 44_100,
  makes:
    'fsd50k_health (clips with any of six classes), fsd50k_health_all (all clips; those with none of the classes have no label)',
  expectedCounts: { clips: 51_197, dev: 40_966, eval: 10_231 },
  async plan(source) {
    const dev = await readPart(source, 'dev');
    const evaluation = await readPart(source, 'eval');
    const known = await readVocabulary(source);
    const missing = healthLabels.find((label) => !known.has(label));
    if (missing !== undefined) {
      const fix = 'download FSD50K.ground_truth again';
      throw new TaskError({ asked: `class '${missing}' of FSD50K`, found: 'not in vocabulary.csv', fix });
    }
    const all = [...dev.entries, ...evaluation.entries];
    const about = {
      modality: 'audio',
      embeddingType: 'scene',
      predictionType: 'multilabel',
      splitMode: 'trainvaltest',
      splits: threeSplits,
      evaluation: ['mAP', 'aucroc'],
      labels: healthLabels,
      // Uploaders are not always the people who are heard: groups that the published splits share cause a warning and
      // are kept.
      sharedGroups: 'all',
    } as const;
    const description = 'Sounds of the body, in the published split';
    return {
      tasks: [
        {
          ...about,
          name: 'fsd50k_health',
          description: `${description}; clips that have one or more of them.`,
          entries: all.filter(({ content }) => (content as readonly string[]).length > 0),
        },
        { ...about, name: 'fsd50k_health_all', description: `${description}; all clips.`, entries: all },
      ],
      counts: { clips: all.length, dev: dev.entries.length, eval: evaluation.entries.length },
      warnings: [],
      problems: [...dev.problems, ...evaluation.problems],
      grouping: dev.uploaders ? { state: 'named', by: 'uploader' } : { state: 'unknown' },
    };
  },
};

export default fsd50k;

async function readPart(
  source: SourceFolder,
  part: 'dev' | 'eval',
): Promise<{ entries: PlannedEntry[]; problems: ClipProblem[]; uploaders: boolean }> {
  const path = source.one(`${part}.csv`);
  const required = ['fname', 'labels', ...(part === 'dev' ? ['split'] : [])];
  const { rows } = parseTable(await source.readText(path), path, { required, delimiter: ',' });
  const uploaders = await readUploaders(source, part);
  const problems: ClipProblem[] = [];
  const entries = rows.flatMap((row): PlannedEntry[] => {
    const labels = row.get('labels').split(',');
    const split = part === 'eval' ? 'test' : splitNamed(row.get('split'));
    if (split === undefined) throw row.fail(`split '${row.get('split')}'`, 'download the file again');
    const content = healthLabels.filter((label) => labels.includes(label));
    const clip = clipOf(row, part, source, uploaders);
    if ('clip' in clip) return [{ clip: clip.clip, split, content }];
    problems.push(clip.problem);
    return [];
  });
  return { entries, problems, uploaders: uploaders.size > 0 };
}

function clipOf(
  row: TableRow,
  part: 'dev' | 'eval',
  source: SourceFolder,
  uploaders: ReadonlyMap<string, { uploader: string; license: string }>,
): { clip: PlannedClip } | { problem: ClipProblem } {
  const id = row.get('fname');
  const wavs = source.named(`${id}.wav`).filter((path) => path.split('/').at(-2) === `FSD50K.${part}_audio`);
  if (wavs.length === 0) {
    const folder = `FSD50K.${part}_audio`;
    const path = `${folder}/${id}.wav`;
    const link = source.linkNamed(`${id}.wav`, folder);
    const fix = 'unpack all parts of the archives into one folder';
    return { problem: missingRecording(path, row.place, link ?? 'no such file', fix) };
  }
  if (wavs.length > 1) {
    const found = `${wavs.length} files FSD50K.${part}_audio/${id}.wav`;
    throw row.fail(found, 'pass the folder of one copy of the dataset');
  }
  const about = uploaders.get(id);
  const metadata = { uploader: about?.uploader ?? '', license: about?.license ?? '' };
  const group = about === undefined ? `clip ${id}` : about.uploader;
  return { clip: { name: id, source: wavs[0], group, metadata } };
}

/** Lines of index, class and AudioSet name, without a header. */
async function readVocabulary(source: SourceFolder): Promise<ReadonlySet<string>> {
  const path = source.one('vocabulary.csv');
  const { rows } = parseTable(await source.readText(path), path, { columns: ['idx', 'label', 'mid'], delimiter: ',' });
  return new Set(rows.map((row) => row.get('label')));
}

async function readUploaders(source: SourceFolder, part: 'dev' | 'eval') {
  const known = new Map<string, { uploader: string; license: string }>();
  const [path] = source.named(`${part}_clips_info_FSD50K.json`);
  if (path === undefined) return known;
  const json = parseJson(await source.readText(path), path);
  for (const [id, about] of Object.entries(isRecord(json) ? json : {})) {
    if (!isRecord(about) || typeof about.uploader !== 'string') continue;
    known.set(id, { uploader: about.uploader, license: typeof about.license === 'string' ? about.license : '' });
  }
  return known;
}
