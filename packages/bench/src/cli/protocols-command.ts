import { FileError } from '@hearken/core';
import { Option, type Command } from 'commander';
import { meanScores, type Protocol, protocolByName, protocols, reciprocalRanks } from '@hearken/results';
import { collectScores, readResults } from '@hearken/results/node';
import { tasksOf } from '@hearken/results/internal';
import { someFailed } from './exit-status.js';
import { printable, tableText } from './table.js';
import { protocolText, protocolScoresText } from './protocols-output.js';
import type { CommandContext } from './streams.js';
import { share } from './parse-options.js';

interface ScoreOptions {
  readonly protocol: string;
  readonly trainFraction?: number;
  readonly generalize?: string;
  readonly json?: boolean;
}

/** `hearken protocols`: which tasks are scored how, and the aggregated scores of several models. */
export function addProtocolsCommand(program: Command, context: CommandContext): void {
  const command = program.command('protocols').description('sets of tasks with a fixed evaluation');
  const write = (json: boolean | undefined, document: unknown, text: () => string) =>
    context.stdout.write(json === true ? `${JSON.stringify(document, undefined, 2)}\n` : text());
  command
    .command('list')
    .description('list the protocols')
    .option('--json', 'print one JSON document')
    .action(({ json }: { json?: boolean }) => {
      const rows = protocols.map((one) => {
        const { name, title, evaluation, aggregation } = one;
        return [name, title, String(tasksOf(one).length), evaluation.probe, aggregation];
      });
      write(json, protocols, () => tableText(['name', 'title', 'tasks', 'probe', 'aggregate'], rows, ['tasks']));
    });
  command
    .command('show')
    .description("show a protocol's tasks, evaluation and notes")
    .argument('<name>')
    .option('--json', 'print one JSON document')
    .action((name: string, { json }: { json?: boolean }) => {
      const protocol = protocolByName(name);
      write(json, protocol, () => protocolText(protocol));
    });
  command
    .command('score')
    .description("aggregate the results of one or more models: mean reciprocal ranks, or the protocol's mean")
    .argument('<results...>', 'result files, or folders of them')
    .addOption(
      new Option('--protocol <name>', 'the protocol that was run')
        .choices(protocols.map(({ name }) => name))
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--train-fraction <share>', 'use results with this share of the training clips').argParser(share),
    )
    .option('--generalize <column>', 'use results that train on some values of this column and test on others')
    .option('--json', 'print one JSON document')
    .action(async (paths: string[], options: ScoreOptions) => {
      const protocol = protocolByName(options.protocol);
      const { results, damaged } = await readResults(paths);
      for (const { path, problem } of damaged) {
        context.stderr.write(`${printable(path)} was skipped: ${printable(problem.message)}\n`);
      }
      const models = await collectScores(protocol, results, {
        trainFraction: options.trainFraction,
        column: options.generalize,
      });
      if (models.length === 0) throw noResults(paths, results.length, protocol, options);
      const ranking = reciprocalRanks(protocol, models);
      const document = {
        protocol: protocol.name,
        models: models.map((model, index) => ({
          model: model.model,
          scores: Object.fromEntries(model.scores),
          missing: model.missing,
          ...(protocol.aggregation === 'reciprocal-rank'
            ? {
                reciprocalRanks: Object.fromEntries(ranking.models[index].reciprocalRanks),
                groups: ranking.models[index].groups,
                overall: ranking.models[index].overall,
              }
            : meanScores(protocol, model)),
        })),
        uneven: ranking.uneven,
        missing: ranking.missing,
      };
      write(options.json, document, () => protocolScoresText(protocol, models));
      if (damaged.length > 0) context.setExitStatus(someFailed);
    });
}

function noResults(
  paths: readonly string[],
  others: number,
  { name, evaluation: { probe, grid, gridPoints } }: Protocol,
  { trainFraction, generalize }: ScoreOptions,
): FileError {
  const selected = [
    ...(trainFraction === undefined ? [] : [`on ${trainFraction} of the training clips`]),
    ...(generalize === undefined ? [] : [`across '${generalize}'`]),
  ];
  return new FileError({
    asked: ['results of protocol', `'${name}'`, ...selected, 'in', paths.map((path) => `'${path}'`).join(', ')].join(
      ' ',
    ),
    found: others === 0 ? 'no results' : `none among ${others}, which are for other tasks or another evaluation`,
    fix: `make them with 'hearken run --protocol ${name}' (probe ${probe}, grid ${grid}, ${gridPoints} points)`,
  });
}
