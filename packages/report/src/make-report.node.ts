import { makeLeaderboard } from './board/make-leaderboard.js';
import { boardPictures } from './board/board-pictures.js';
import type { BoardModel, BoardTask } from './board/leaderboard.js';
import { taskPictures } from './board/task-pictures.node.js';
import { dataFiles } from './data/data-files.js';
import { modelTable, scoreTable } from './data/tables.js';
import type { Picture } from './pictures/picture.js';
import { renderPicture } from './pictures/render-picture.node.js';
import { csvText } from '@hearken/results/internal';
import { readDisplayNames } from './read/display-names.node.js';
import { findReportResults } from './read/find-report-results.node.js';
import type { EmbeddingMapReader } from './read/embedding-map.js';
import { modelFacts, type MetadataReader } from './read/model-facts.node.js';
import { figure } from './site/figure.js';
import { html, type Html } from './site/html.js';
import { layout } from './site/layout.js';
import { leaderboardPage } from './site/leaderboard-page.js';
import { modelPage } from './site/model-page.js';
import { allPublishedTables } from './site/published-tables.js';
import { SiteFolder } from './site/site-folder.node.js';
import { taskPage } from './site/task-page.js';
import { harnessVersion } from '@hearken/results';

/** What to make a report of, and where. */
export interface ReportOptions {
  /** Folders of results, or result files. */
  readonly results: readonly string[];
  /** The site's folder: new, empty, or an earlier report, which is replaced. */
  readonly out: string;
  /** A JSON file of display names and notes. */
  readonly names?: string;
  /** Projects test clips onto a plane, for maps of their embeddings; default: no maps. */
  readonly embeddingMap?: EmbeddingMapReader;
  /** Looks up a plugin's facts about a model; default: only facts in results are shown. */
  readonly metadataOf?: MetadataReader;
  /** Whether to add published rows; default: if there is a result on one of their tasks. */
  readonly withPublished?: boolean;
  /** Called for each written page. */
  readonly onProgress?: (page: string, done: number, total: number) => void;
  /** Stops between two pages or pictures. */
  readonly abortSignal?: AbortSignal;
}

/** A report that was made. */
export interface Report {
  /** The page to open. */
  readonly index: string;
  /** Number of models on the leaderboard. */
  readonly models: number;
  /** Number of tasks that they have scores on. */
  readonly tasks: number;
  /** Number of pictures. */
  readonly pictures: number;
  /** What was left out, and why. */
  readonly notes: readonly string[];
}

/**
 * Writes the leaderboard: a folder of pages that can be opened from disk, pictures as SVG, and all numbers as JSON, CSV
 * and Parquet.
 *
 * @throws FileError if there are no results, or the folder cannot be used
 */
export async function makeReport(options: ReportOptions): Promise<Report> {
  const { results, profiles, notes } = await findReportResults(options.results);
  const names = options.names === undefined ? new Map() : await readDisplayNames(options.names);
  const site = await SiteFolder.open(options.out);
  const board = await makeLeaderboard({
    results,
    profiles,
    names,
    factsOf: (model) => modelFacts(model, options.metadataOf),
    withPublished: options.withPublished,
  });
  let pictures = 0;
  const figures = async (of: readonly Picture[], root: string): Promise<Html[]> => {
    const drawn: Html[] = [];
    for (const picture of of) {
      options.abortSignal?.throwIfAborted();
      const rendered = await renderPicture(picture);
      await site.write(`pictures/${picture.id}.svg`, rendered.file);
      await site.write(`pictures/${picture.id}.csv`, csvText(picture.numbers));
      drawn.push(figure(picture, rendered, root));
      pictures += 1;
    }
    return drawn;
  };
  const page = (path: string, title: string, body: Html) =>
    site.write(path, layout({ title, root: path.includes('/') ? '../' : '', body, harnessVersion }));

  const all = [...notes];
  const total = board.tasks.length + board.models.length + 2;
  let done = 0;
  const progress = (name: string) => options.onProgress?.(name, done++, total);
  for (const task of board.tasks) {
    progress(task.key);
    const ranked = rankedModels(board.models, task);
    const curves = board.curves.filter((curve) => curve.task === task.key);
    const drawn = await taskPictures(task, ranked, curves, options.embeddingMap);
    all.push(...drawn.notes.map((note) => `${task.key}: ${note}`));
    const body = taskPage(task, ranked, drawn.notes, await figures(drawn.pictures, '../'));
    await page(`tasks/${task.slug}.html`, task.key, body);
  }
  for (const model of board.models) {
    progress(model.name);
    await page(`models/${model.slug}.html`, model.name, modelPage(model, board.tasks, []));
  }
  progress('published tables');
  await page(
    'published.html',
    'Published tables',
    html`<p>Figures published by others, with their sources: none were computed here.</p>
      ${allPublishedTables()}`,
  );
  progress('leaderboard');
  const body = leaderboardPage(board, all, await figures(boardPictures(board), ''));
  for (const [name, table] of [
    ['leaderboard', scoreTable(board)],
    ['models', modelTable(board)],
  ] as const) {
    for (const [ending, content] of await dataFiles(table)) await site.write(`data/${name}.${ending}`, content);
  }
  await site.copyAssets();
  const index = await page('index.html', 'Hearken leaderboard', body);
  return { index, models: board.models.length, tasks: board.tasks.length, pictures, notes: all };
}

/** The models with scores on the task, best first. */
function rankedModels(models: readonly BoardModel[], { key, maximize }: BoardTask): BoardModel[] {
  const sign = maximize ? -1 : 1;
  return models
    .filter(({ scores }) => scores.has(key))
    .sort((a, b) => sign * (a.scores.get(key)!.score - b.scores.get(key)!.score));
}
