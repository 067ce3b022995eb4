import type { Command } from 'commander';
import { embeddingMapReader } from '../embeddings/embedding-map.node.js';
import { FileArtifacts } from '@hearken/artifacts/node';
import { cacheFolders } from '@hearken/core/node';
import { knownMetadata } from '../plugins/plugins.node.js';
import { makeReport } from '@hearken/report';
import { chooseView } from './progress/bar-view.js';
import type { CommandContext } from './streams.js';

interface ReportCommandOptions {
  readonly out: string;
  readonly names?: string;
  readonly cache?: string;
  readonly published?: boolean;
  readonly maps: boolean;
  readonly json?: boolean;
}

/** `hearken report`: a leaderboard of results as a folder of pages. */
export function addReportCommand(program: Command, context: CommandContext): void {
  program
    .command('report')
    .description('make a leaderboard of results and published scores: a folder of pages that can be opened from disk')
    .argument('<results...>', 'folders of results, or result files')
    .option('--out <folder>', 'folder for the site: a new one, or that of an earlier report', 'site')
    .option('--names <file>', 'JSON of display names and notes by plugin:model or plugin:model@checkpoint-sha256')
    .option(
      '--cache <folder>',
      'cache of embeddings, for maps of them (default: the user cache folder, or HEARKEN_CACHE)',
    )
    .option('--published', 'add published scores (default: if there is a result on one of their tasks)')
    .option('--no-published', 'only our results, without published scores')
    .option('--no-maps', 'no maps of embeddings')
    .option('--json', 'print one JSON document on standard output instead of a line')
    .action(async (results: string[], { out, names, cache, published, maps, json }: ReportCommandOptions) => {
      const view = chooseView(context);
      try {
        let begun = false;
        const report = await makeReport({
          results,
          out,
          names,
          withPublished: published,
          metadataOf: knownMetadata,
          embeddingMap: maps ? embeddingMapReader(new FileArtifacts(cacheFolders(cache).artifacts)) : undefined,
          abortSignal: context.abortSignal,
          onProgress: (page, done, total) => {
            if (!begun) view.begin('pages', total);
            begun = true;
            view.update(done, page, undefined);
          },
        });
        view.end();
        for (const note of report.notes) view.note(note);
        const { index, models, tasks, pictures } = report;
        const text = `${index}: ${models} models, ${tasks} tasks, ${pictures} pictures\n`;
        context.stdout.write(json === true ? `${JSON.stringify(report, undefined, 2)}\n` : text);
      } finally {
        view.end();
      }
    });
}
