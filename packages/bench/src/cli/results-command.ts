import { OptionError } from '@hearken/core';
import { Option, type Command } from 'commander';
import { writeFileAtomic } from '@hearken/core/node';
import {
  chooseRows,
  csvRows,
  exampleModels,
  jsonRows,
  latexTable,
  markdownTable,
  readableTable,
  type RowChoice,
  type ScoreRow,
  textFormats,
} from '@hearken/results/internal';
import { readScoreRows } from '@hearken/results/internal/node';
import { done, someFailed } from './exit-status.js';
import { printable, tableText } from './table.js';
import type { CommandContext } from './streams.js';

type Format = (typeof textFormats)[number] | 'parquet';

interface ResultsOptions extends RowChoice {
  readonly format: Format;
  readonly out?: string;
}

/** `hearken results`: the contents of result folders, one row per score. */
export function addResultsCommand(program: Command, context: CommandContext): void {
  program
    .command('results')
    .description('show the scores of results, one row each: rounded for reading, or exact for other programs')
    .argument('<results...>', 'folders of results, or result files')
    .addOption(
      new Option(
        '--format <format>',
        'table, markdown, latex: rounded, for reading; csv, json, parquet: all columns, exact numbers',
      )
        .choices([...textFormats, 'parquet'])
        .default('table'),
    )
    .option('--out <file>', 'write it to a file instead of standard output')
    .option('--task <names...>', 'only these tasks; * stands for anything')
    .option('--model <names...>', `only these models, such as ${exampleModels.released} or "*:mn*"`)
    .option('--metric <names...>', 'only these metrics')
    .option('--sort <columns...>', 'sort by these columns, scores best first (default: task, metric, score)')
    .action(async (paths: string[], options: ResultsOptions) => {
      const { format, out } = options;
      if (format === 'parquet' && out === undefined && (context.stdout as { isTTY?: boolean }).isTTY === true) {
        const fix = 'name a file with --out';
        throw new OptionError({ asked: 'format parquet', found: 'a terminal, which cannot show it', fix });
      }
      const { rows, damaged, others } = await readScoreRows(paths);
      for (const { path, problem } of damaged)
        context.stderr.write(`${printable(path)} was skipped: ${printable(problem.message)}\n`);
      if (others.length > 0) context.stderr.write(`${others.length} JSON files that are not results were skipped.\n`);
      const content = await formatted(chooseRows(rows, options), format);
      if (out !== undefined) await writeFileAtomic(out, content);
      else context.stdout.write(content);
      context.setExitStatus(damaged.length === 0 ? done : someFailed);
    });
}

async function formatted(rows: readonly ScoreRow[], format: Format): Promise<string | Uint8Array> {
  switch (format) {
    case 'csv':
      return csvRows(rows);
    case 'json':
      return jsonRows(rows);
    case 'markdown':
      return markdownTable(readableTable(rows));
    case 'latex':
      return latexTable(readableTable(rows));
    case 'table': {
      const { head, rows: cells, numbers } = readableTable(rows);
      return tableText(head, cells, numbers);
    }
    case 'parquet':
      return (await import('@hearken/report/parquet')).parquetRows(rows);
  }
}
