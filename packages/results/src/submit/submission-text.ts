import { modelName } from '../models/model-name.js';
import { meanScores, type AggregateScore } from '../protocols/aggregate.js';
import type { CollectedScores } from '../protocols/collect-scores.node.js';
import { tasksOf, type Protocol } from '../protocols/protocol.js';
import { clipCountText } from '../result/clip-count-text.js';
import type { Result } from '../format/result.js';
import { neverChecked } from './unchecked.js';
import type { VerifiedResult } from './verify-result.node.js';

/** A verified result. */
type SoundResult = VerifiedResult & { readonly result: Result };

/** The page that a reviewer reads first: the scores, where they come from, and what was checked. */
export function submissionText(
  protocol: Protocol,
  results: readonly SoundResult[],
  model: CollectedScores,
  missing: readonly string[],
): string {
  const [{ result: first }] = results;
  const warnings = results.flatMap(({ result }) => result.warnings.map((one) => `${result.task.id}: ${one}`));
  const notes = [...new Set(results.flatMap((one) => one.unchecked))];
  const compared = results.reduce((sum, one) => sum + one.compared, 0);
  const sections = [
    `# ${escaped(model.model)} on ${escaped(protocol.title)}`,
    aggregateText(protocol, model),
    tableText(
      ['task', 'metric', 'score', '95% interval', 'n', 'chance', 'deviation over folds', 'file'],
      results.map(scoreRow),
    ),
    '## Where the scores come from',
    tableText(['', ''], provenanceRows(first)),
    tableText(['task', 'version', 'content SHA-256', 'Hearken', 'probe', 'seeds'], results.map(taskRow)),
    '## What was checked',
    `${results.length} ${results.length === 1 ? 'result was' : 'results were'} verified: schema, provenance, hashes, and ${compared} ${compared === 1 ? 'number' : 'numbers'} recomputed from the stored predictions.`,
    ...(notes.length === 0 ? [] : ['For these results, the following could not be checked:', listText(notes)]),
    'The following cannot be checked for any result:',
    listText(neverChecked),
    ...(missing.length === 0 ? [] : ['## Missing tasks', listText(missing)]),
    ...(warnings.length === 0 ? [] : ['## Warnings from the runs', listText(warnings)]),
    '## Notes on the protocol',
    listText(protocol.notes),
    `Protocol \`${protocol.name}\`, based on ${escaped(protocol.source)}.`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function aggregateText(protocol: Protocol, model: CollectedScores): string {
  if (protocol.aggregation === 'reciprocal-rank') {
    return "The protocol ranks models: see the mean reciprocal ranks of all of them ('hearken protocols score').";
  }
  const { groups, overall } = meanScores(protocol, model);
  const what = protocol.aggregation === 'normalized' ? 'Mean normalised score' : 'Mean score';
  const all = tasksOf(protocol).length;
  const over = ({ mean, tasks }: AggregateScore) =>
    mean === null ? 'no task' : `${decimals(mean)} over ${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'}`;
  const parts = Object.entries(groups).map(([name, score]) => `${name} ${over(score)}`);
  const named = overall.tasks.map(escaped).join(', ');
  return `${what}: **${decimals(overall.mean)} over ${overall.tasks.length}** of ${all} tasks (${named}). By group: ${parts.join('; ')}.`;
}

function scoreRow({ path, result }: SoundResult): string[] {
  const score = result.scores[result.metric];
  const { mean, deviation, interval, chance } = score;
  const range = interval ? `${decimals(interval.low)} to ${decimals(interval.high)}` : '-';
  const file = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const n = clipCountText(score);
  return [result.task.id, result.metric, decimals(mean), range, n, decimals(chance), decimals(deviation), file];
}

function provenanceRows({ model, machine }: Result): string[][] {
  return [
    ['plugin', `${model.plugin} ${model.pluginVersion}`],
    ['model', modelName(model)],
    ['checkpoint SHA-256', model.checkpointSha256 ?? 'none'],
    ['options', JSON.stringify(model.options)],
    ['backend', model.backend],
    ['embedding size', String(model.embeddingSize)],
    ['machine', `${machine.processor}, ${machine.platform}, Node.js ${machine.node}`],
  ];
}

function taskRow({ result: { task, harness, evaluation } }: SoundResult): string[] {
  const { probe, grid, gridPoints, seed, seeds } = evaluation;
  const probes = `${probe}, grid ${grid}, ${gridPoints} points`;
  return [task.id, task.version, task.contentHash, harness.version, probes, `${seeds} from ${seed}`];
}

function tableText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}

function listText(lines: readonly string[]): string {
  return lines.map((line) => `- ${escaped(line)}`).join('\n');
}

/** Results are untrusted: nothing in them may act as markup here. */
function escaped(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .slice(0, 500)
    .replace(/[\\`*_[\]<>|#!&]/g, '\\$&')
    .replace(/@/g, '@\u200b');
}

function decimals(score: number | null | undefined): string {
  return typeof score === 'number' ? score.toFixed(4) : '-';
}
