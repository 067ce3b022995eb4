import { checkpointRecordOf } from '../models/model-name.js';
import { extensionRecords, metricRecordOf } from '../extensions/extension-records.js';
import { metricNames } from '@hearken/metrics';
import { maximumLeftOut } from '../result/left-out.js';
import { resultSchemaVersion } from '../result/result.js';
import { isRecord } from '@hearken/core/internal';
import { shown, type Problem } from './problem.js';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string' && value.trim() !== '';
const whole: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const positive: Check = (value) => whole(value) && (value as number) > 0;
const finite: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const scoreOrNull: Check = (value) => value === null || finite(value);
const sha256: Check = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const date: Check = (value) => typeof value === 'string' && /^\d{4}-/.test(value) && !Number.isNaN(Date.parse(value));
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const texts: Check = (value) => Array.isArray(value) && value.length > 0 && value.every(text);

/** What a field must be, and how that is said. */
type Field = readonly [path: string, check: Check, wanted: string];

const schemaFields: readonly Field[] = [
  ['harness.name', (value) => value === 'hearken', "'hearken'"],
  ['task.id', text, 'a text'],
  ['task.name', text, 'a text'],
  ['task.mode', text, 'a text'],
  ['task', isRecord, 'an object'],
  ['task.clips', positive, 'a whole number'],
  ['task.labels', positive, 'a whole number'],
  ['task.splitMode', text, 'a text'],
  ['task.contentHash', text, 'a text'],
  ['model', isRecord, 'an object'],
  ['model.plugin', text, 'a text'],
  ['model.model', text, 'a text'],
  ['predictions', isFileOrNull, 'a file and its shape, or null'],
  ['testClips', isFileOrNull, 'a file, or null'],
  ['metric', text, 'a text'],
  ['extensions', (value) => extensionRecords(value) !== undefined, 'a list of metrics and probes with their versions'],
  ['evaluation.probe', text, 'a text'],
  ['evaluation.grid', text, 'a text'],
  ['evaluation.gridPoints', positive, 'a whole number'],
  ['evaluation.seed', whole, 'a whole number'],
  ['evaluation.seeds', positive, 'a whole number'],
  ['evaluation.pca', (value) => value === null || finite(value), 'a number or null'],
  ['evaluation.trainFraction', optional((value) => finite(value) && (value as number) > 0), 'a share'],
  ['evaluation.skipUnreadable', optional((value) => value === true), 'true'],
  ['leftOut', optional(areLeftOut), 'a list of clips, each with its split and why it was left out'],
  ['evaluation.generalization', optional(isGeneralization), 'a column and the values on both sides'],
  ['configuration', isRecord, 'an object'],
  ['warnings', (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'), 'a list of texts'],
  ['normalizedScore', optional(scoreOrNull), 'a number or null'],
];

const provenanceFields: readonly Field[] = [
  ['harness.version', text, 'a version'],
  ['task.version', text, 'a version'],
  ['task.contentHash', sha256, 'a SHA-256'],
  ['task.sampleRate', positive, 'a rate in Hz'],
  ['model.pluginVersion', text, 'a version'],
  ['model.checkpointSha256', (value) => value === null || sha256(value), 'a SHA-256, or null without weights'],
  [
    'model.checkpoint',
    optional((value) => checkpointRecordOf(value) !== undefined),
    'a file name, and whether it is published',
  ],
  ['model.parameters', optional(whole), 'a whole number'],
  ['model.options', isRecord, 'an object'],
  ['model.backend', text, 'a text'],
  ['machine.node', text, 'a version'],
  ['machine.platform', text, 'a text'],
  ['machine.processor', text, 'a text'],
  ['startedAt', date, 'a date'],
  ['finishedAt', date, 'a date'],
  ['evaluation.clipsSha256', optional(sha256), 'a SHA-256'],
];

/**
 * Whether a parsed file is a result that says everything about itself; nothing is recomputed here. After no `schema`
 * problem it can be read as a `Result`.
 */
export function resultProblems(value: unknown): Problem[] {
  if (!isRecord(value)) return [{ kind: 'schema', message: 'no JSON object' }];
  if (value.schemaVersion !== resultSchemaVersion) {
    const message = `schemaVersion is ${shown(value.schemaVersion)}, this Hearken reads ${resultSchemaVersion}`;
    return [{ kind: 'schema', field: 'schemaVersion', message }];
  }
  const wrong = (kind: Problem['kind'], fields: readonly Field[]) =>
    fields.flatMap(([path, check, wanted]): Problem[] => {
      const found = at(value, path);
      return check(found) ? [] : [{ kind, field: path, message: `${path} is ${shown(found)}, not ${wanted}` }];
    });
  return [...wrong('schema', schemaFields), ...scoreProblems(value), ...wrong('provenance', provenanceFields)];
}

function scoreProblems({ scores, folds, seeds, metric, evaluation, extensions }: Record<string, unknown>): Problem[] {
  const problem = (field: string, wanted: string): Problem => ({
    kind: 'schema',
    field,
    message: `${field} is not ${wanted}`,
  });
  const isScore: Check = (one) =>
    isRecord(one) && scoreOrNull(one.mean) && scoreOrNull(one.deviation) && optional(scoreOrNull)(one.seedDeviation);
  if (!isRecord(scores) || !Object.values(scores).every(isScore)) {
    return [problem('scores', 'an object with mean and deviation of each metric')];
  }
  const metrics = Object.keys(scores);
  const isKnown = (name: string) => metricNames().includes(name) || metricRecordOf(extensions, name) !== undefined;
  const unknown = metrics.find((name) => !isKnown(name));
  if (unknown !== undefined)
    return [problem(`scores.${shown(unknown)}`, 'a known metric, nor is it of an extension that the result names')];
  if (!metrics.includes(metric as string)) return [problem('scores', `with the deciding metric ${shown(metric)}`)];
  const hasAll: Check = (one) =>
    isRecord(one) && Object.keys(one).length === metrics.length && metrics.every((name) => scoreOrNull(one[name]));
  const areFolds: Check = (list) =>
    Array.isArray(list) &&
    list.length > 0 &&
    list.every((fold) => isRecord(fold) && text(fold.test) && whole(fold.rows) && hasAll(fold.scores));
  if (!areFolds(folds)) return [problem('folds', `a list of folds with a score of ${metrics.join(', ')} each`)];
  const count = isRecord(evaluation) ? evaluation.seeds : 1;
  if (seeds === undefined) return count === 1 ? [] : [problem('seeds', `the folds of ${shown(count)} seeds`)];
  const isSeed: Check = (one) =>
    isRecord(one) &&
    whole(one.seed) &&
    hasAll(one.scores) &&
    areFolds(one.folds) &&
    isFileOrNull(one.predictions) &&
    (one.folds as unknown[]).length === (folds as unknown[]).length;
  const complete = Array.isArray(seeds) && seeds.length === count && seeds.every(isSeed);
  return complete ? [] : [problem('seeds', `the folds of ${shown(count)} seeds`)];
}

function isGeneralization(value: unknown): boolean {
  return isRecord(value) && text(value.column) && texts(value.train) && texts(value.test);
}

function areLeftOut(value: unknown): boolean {
  if (!Array.isArray(value) || value.length > maximumLeftOut) return false;
  return value.every((one) => isRecord(one) && text(one.split) && text(one.clip) && text(one.reason));
}

function isFileOrNull(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  const isShape = (shape: unknown) => Array.isArray(shape) && shape.length <= 8 && shape.every(whole);
  return isRecord(value) && text(value.file) && optional(sha256)(value.sha256) && optional(isShape)(value.shape);
}

function at(value: Record<string, unknown>, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((part, key) => (isRecord(part) && Object.hasOwn(part, key) ? part[key] : undefined), value);
}
