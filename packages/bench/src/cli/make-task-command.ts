import { type Command, Option } from 'commander';
import { OptionError } from '@hearken/core';
import { resample } from '@hearken/signals/onnx';
import { type Dataset, datasetByName, datasets, type MadeTask, makeTasks } from '@hearken/tasks/node';
import { askYesNoOrUnknown } from './ask.js';
import { makeMiniDataset, miniDataset } from './make-mini-dataset.js';
import { foldNumber, wholeNumber } from './parse-options.js';
import { chooseView } from './progress/bar-view.js';
import type { ProgressView } from './progress/progress-view.js';
import { type TimeLeft, timeLeft } from './progress/time-left.js';
import type { CommandContext } from './streams.js';
import { tableText } from './table.js';

interface MakeOptions {
  readonly list?: boolean;
  readonly source?: string;
  readonly out?: string;
  readonly task?: string[];
  readonly sampleRate?: number;
  readonly seed: number;
  readonly force?: boolean;
  readonly allowMissing?: boolean;
  readonly json?: boolean;
  readonly name?: string;
  readonly table?: string;
  readonly fileColumn?: string;
  readonly labelColumn?: string[];
  readonly labelSeparator?: string;
  readonly groupColumn?: string;
  readonly splitColumn?: string;
  readonly metadataColumn?: string[];
  readonly groupPattern?: string;
  readonly predictionType?: 'multiclass' | 'multilabel' | 'regression';
  readonly folds?: number;
  readonly skipBad?: boolean;
  readonly times?: 'events' | 'clips';
  readonly timeUnit?: 's' | 'ms';
}

/** `hearken tasks make`: task folders from a downloaded dataset. */
export function addMakeTaskCommand(tasks: Command, context: CommandContext): void {
  tasks
    .command('make')
    .description(
      'make task folders from a downloaded dataset, a table of files, or a folder for each class; mini: small synthetic tasks, no download needed',
    )
    .argument('[dataset]', `one of ${listable.map(({ name }) => name).join(', ')}`)
    .option('--list', 'list the datasets: where they come from, their licences, and the tasks made from them')
    .option('--source <folder>', 'the unpacked download')
    .option('--out <folder>', 'folder for the task folders')
    .option('--task <names...>', 'tasks to make, such as icbhi_4class_official or "ptbxl_*_folds" (default: all)')
    .addOption(
      new Option(
        '--sample-rate <hz>',
        "sample rate of the clips (default: the dataset's; csv, folders: the highest of the recordings)",
      ).argParser(wholeNumber(1, 1_000_000)),
    )
    .addOption(new Option('--seed <number>', 'seed for splits that are made here').argParser(wholeNumber(0)).default(0))
    .option('--force', 'replace existing task folders')
    .option('--allow-missing', 'leave out recordings that are missing or cannot be used, and list them in problems.csv')
    .option('--skip-bad', 'also leave out clips that look wrong: silent, flat, wrong unit')
    .option('--name <name>', 'csv, folders: name of the task')
    .option('--table <file>', 'csv: the table, if there are several')
    .option('--file-column <name>', 'csv: column of the files (default: file)')
    .option('--label-column <names...>', 'csv: column of the label, or several of 0 and 1 (default: label)')
    .option('--label-separator <text>', 'csv: separator of several labels of one file')
    .option(
      '--group-column <name>',
      'csv: column that names the person (default: group, person, patient, ... if it exists); none: no two clips share a person',
    )
    .option('--split-column <name>', 'csv: column of the split (default: split, if it exists)')
    .option('--metadata-column <names...>', 'csv: columns to keep in clips.csv (default: all others)')
    .addOption(
      new Option(
        '--times <what>',
        'csv: what rows with onset and offset are, events in their file or clips to cut out of it (default: events)',
      ).choices(['events', 'clips']),
    )
    .addOption(
      new Option('--time-unit <unit>', 'csv: unit of times, if the column names do not say it (default: s)').choices([
        's',
        'ms',
      ]),
    )
    .option(
      '--group-pattern <regex>',
      "folders: regular expression whose first group is the person in a file's path; none: no two clips share a person",
    )
    .addOption(
      new Option('--prediction-type <type>', 'csv: what the labels are').choices([
        'multiclass',
        'multilabel',
        'regression',
      ]),
    )
    .addOption(
      new Option(
        '--folds <number>',
        'csv, folders: number of folds by group; 1: train, valid and test (default: folds if there are few groups)',
      ).argParser(foldNumber),
    )
    .option('--json', 'print one JSON document on standard output')
    .action(async (name: string | undefined, options: MakeOptions) => {
      if (options.list === true) {
        const listed = name === undefined ? listable : [name === miniDataset.name ? miniDataset : datasetByName(name)];
        context.stdout.write(options.json === true ? listJson(listed) : listText(listed));
        return;
      }
      if (name === miniDataset.name) {
        checkOptions(name, options);
        const out = required('--out', options.out, 'write hearken tasks make mini --out TASKS');
        showMade(await makeMiniDataset({ ...options, out }), options, context);
        return;
      }
      const dataset = datasetByName(required('the dataset', name));
      checkOptions(dataset.name, options);
      const view = chooseView(context);
      try {
        const made = await makeTasks(dataset, {
          resample,
          ...options,
          source: required('--source', options.source),
          out: required('--out', options.out),
          variants: options.task,
          labelColumns: options.labelColumn,
          metadataColumns: options.metadataColumn,
          abortSignal: context.abortSignal,
          askWhetherShared: askerOf(dataset.name, context, view),
          onProgress: showProgress(view, dataset.name),
          onWarning(text) {
            view.end();
            view.note(`Warning: ${text}`);
          },
          onNote(text) {
            view.end();
            view.note(text);
          },
        });
        view.end();
        showMade(made, options, context);
      } finally {
        view.end();
      }
    });
}

/** The datasets that `--list` shows, including the mini tasks. */
const listable = [...datasets, miniDataset];

function showMade(made: readonly MadeTask[], { json }: MakeOptions, { stdout }: CommandContext): void {
  stdout.write(json === true ? `${JSON.stringify(made, undefined, 2)}\n` : madeText(made));
}

/** Options that only tables and folders have. */
const optionsOfDataset: Readonly<Record<string, readonly (keyof MakeOptions)[]>> = {
  csv: [
    ...(['name', 'folds', 'table', 'fileColumn', 'labelColumn', 'labelSeparator', 'groupColumn'] as const),
    ...(['splitColumn', 'metadataColumn', 'predictionType', 'times', 'timeUnit'] as const),
  ],
  folders: ['name', 'folds', 'groupPattern', 'groupColumn'],
};

function checkOptions(dataset: string, options: MakeOptions): void {
  const allowed = Object.hasOwn(optionsOfDataset, dataset) ? optionsOfDataset[dataset] : [];
  const all = [...new Set(Object.values(optionsOfDataset).flat())];
  const stray = all.find((option) => options[option] !== undefined && !allowed.includes(option));
  if (stray === undefined) return;
  const flag = `--${stray.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const users = Object.keys(optionsOfDataset).filter((name) => optionsOfDataset[name].includes(stray));
  throw new OptionError({
    asked: `${flag} of dataset '${dataset}'`,
    found: `an option that only ${users.join(' and ')} have`,
    fix: 'leave it out',
  });
}

function required(
  what: string,
  value: string | undefined,
  fix = 'write hearken tasks make <dataset> --source DIR --out TASKS; --list shows the datasets',
): string {
  if (value !== undefined) return value;
  throw new OptionError({
    asked: `${what} of 'hearken tasks make'`,
    found: 'none',
    fix,
  });
}

function showProgress(view: ProgressView, dataset: string): (done: number, total: number) => void {
  let time: TimeLeft | undefined;
  return (done, total) => {
    if (time === undefined) {
      time = timeLeft();
      view.begin(`${dataset}: recordings`, total);
    }
    view.update(done, `${done} of ${total}`, time.at(done, total));
  };
}

function madeText(made: readonly MadeTask[]): string {
  const rows = made.map(({ task, state, clips, grouping, groups, leftOut, folder }) => [
    task,
    state === 'made' ? 'made' : 'already there',
    `${countsText(clips)}${leftOut === 0 ? '' : `; ${leftOut} left out`}`,
    groups === undefined ? (grouping.state === 'none' ? 'not grouped' : 'unknown') : countsText(groups),
    folder,
  ]);
  return tableText(['task', '', 'clips', 'groups', 'folder'], rows);
}

/** Splits with their number of clips; for folds their number, and the smallest and largest of them. */
function countsText(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts);
  if (entries.length <= 3) return entries.map(([split, count]) => `${split} ${count}`).join(', ');
  const numbers = entries.map(([, count]) => count);
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return `${entries.length} folds of ${least === most ? least : `${least} to ${most}`}`;
}

/** Asks on a terminal whether clips share people; undefined if nobody can be asked, or the dataset is a known one. */
function askerOf(dataset: string, { stderr, abortSignal }: CommandContext, view: ProgressView) {
  if (!Object.hasOwn(optionsOfDataset, dataset) || stderr.isTTY !== true || !process.stdin.isTTY) return undefined;
  return () => {
    view.end();
    const question =
      'Nothing says which clips belong together. Are any two clips of the same person, animal or recording?';
    return askYesNoOrUnknown(question, { input: process.stdin, output: stderr }, abortSignal);
  };
}

function listText(listed: readonly Omit<Dataset, 'plan'>[]): string {
  const parts = listed.map((dataset) => {
    const rate = dataset.sampleRate === 'source' ? "the recordings' sample rate" : `${dataset.sampleRate} Hz`;
    const counts = Object.entries(dataset.expectedCounts).map(([name, count]) => `${count} ${name}`);
    const lines = [
      `${dataset.name}: ${dataset.title}`,
      `  from      ${dataset.url}`,
      `  licence   ${dataset.license}`,
      `  citation  ${dataset.citation}`,
      `  needs     ${dataset.layout}`,
      `  makes     ${dataset.makes}, at ${rate}`,
      `  counts    ${counts.join(', ')}`,
    ];
    return lines.filter((line) => !/^ {2}\w+\s*$/.test(line)).join('\n');
  });
  return `${parts.join('\n\n')}\n`;
}

function listJson(listed: readonly Omit<Dataset, 'plan'>[]): string {
  // The method that reads the dataset is not JSON and is left out.
  return `${JSON.stringify(listed, undefined, 2)}\n`;
}
