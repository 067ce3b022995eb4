import { groupBy } from '@hearken/core/internal';
import type { ResultScore } from '../format/result.js';
import type { MissedThreshold } from './check-thresholds.js';
import { evaluationText, isScored, type RunOutcome, type ScoredOutcome, type UnscoredOutcome } from './run-outcome.js';
import { type XmlElement, xmlText } from './xml.js';

/** Longer messages, which may come from a plugin or a file, are cut. */
const longestMessage = 5000;

/**
 * A report in JUnit XML: a test suite for each model, and in it a test case for each task and evaluation, with the
 * scores as properties. A missed threshold is a `failure`, a task that could not be scored an `error`. Thresholds that
 * apply to no result are failures in a separate suite.
 *
 * @param missed what `checkThresholds` found
 * @param now when the run ended
 */
export function junitText(outcomes: readonly RunOutcome[], missed: readonly MissedThreshold[], now: Date): string {
  const suites = [...groupBy(outcomes, ({ model }) => model)].map(([model, ofModel]) =>
    suite(
      model,
      ofModel.map((outcome) => testCase(outcome, missed)),
      now,
    ),
  );
  const unanswered = missed.filter(({ outcome }) => outcome === undefined);
  if (unanswered.length > 0) suites.push(suite('thresholds', unanswered.map(unansweredCase), now));
  const all = suites.flatMap(({ children = [] }) => children);
  return xmlText({ name: 'testsuites', attributes: { name: 'hearken', ...countsOf(all) }, children: suites });
}

function suite(name: string, cases: readonly XmlElement[], now: Date): XmlElement {
  // Readers disagree about time zones: the format's schema allows none, and the time is UTC.
  const timestamp = now.toISOString().slice(0, 19);
  return { name: 'testsuite', attributes: { name, ...countsOf(cases), skipped: 0, timestamp }, children: cases };
}

function countsOf(cases: readonly XmlElement[]) {
  const having = (kind: string) => cases.filter(({ children = [] }) => children.some(({ name }) => name === kind));
  const time = cases.reduce((sum, { attributes }) => sum + Number(attributes?.time ?? 0), 0);
  return {
    tests: cases.length,
    failures: having('failure').length,
    errors: having('error').length,
    time: seconds(time),
  };
}

function testCase(outcome: RunOutcome, missed: readonly MissedThreshold[]): XmlElement {
  if (!isScored(outcome)) return failedCase(outcome);
  const messages = missed.filter((one) => one.outcome === outcome).map(({ message }) => message);
  const { task, model, result, reused } = outcome;
  const took = reused ? 0 : (Date.parse(result.finishedAt) - Date.parse(result.startedAt)) / 1000;
  const properties = { name: 'properties', children: propertiesOf(outcome) };
  return {
    name: 'testcase',
    attributes: { classname: model, name: `${task} (${evaluationText(result.evaluation)})`, time: seconds(took) },
    // Some readers show only one failure of a test case.
    children: messages.length === 0 ? [properties] : [properties, problem('failure', 'threshold', messages.join('; '))],
  };
}

function failedCase({ task, model, trainFraction, error }: UnscoredOutcome): XmlElement {
  const name = trainFraction === undefined ? task : `${task} (${trainFraction} of the training clips)`;
  const children = [problem('error', error.name, error.message)];
  return { name: 'testcase', attributes: { classname: model, name, time: seconds(0) }, children };
}

function unansweredCase({ threshold, message }: MissedThreshold): XmlElement {
  const children = [problem('failure', 'threshold', message)];
  return {
    name: 'testcase',
    attributes: { classname: 'thresholds', name: threshold.text, time: seconds(0) },
    children,
  };
}

function problem(name: 'failure' | 'error', type: string, text: string): XmlElement {
  const message = text.slice(0, longestMessage);
  return { name, attributes: { message, type }, text: message };
}

function propertiesOf({ result, path }: ScoredOutcome): XmlElement[] {
  const { harness, model, task, metric, scores } = result;
  const values: readonly (readonly [string, string | number])[] = [
    ['metric', metric],
    ...Object.entries(scores).flatMap(([name, score]) => scoreProperties(name, score)),
    ['clips', task.clips],
    ['task content', task.contentHash],
    ['checkpoint', model.checkpointSha256 ?? 'none'],
    ['hearken', harness.version],
    ['result', path],
  ];
  return values.map(([name, value]) => ({ name: 'property', attributes: { name, value } }));
}

function scoreProperties(name: string, { mean, deviation, interval }: ResultScore): [string, string | number][] {
  return [
    [name, mean ?? 'undefined'],
    ...(deviation === null ? [] : [[`${name} deviation`, deviation] satisfies [string, number]]),
    ...(interval === null
      ? []
      : [[`${name} interval`, `${interval.low ?? '-'} to ${interval.high ?? '-'}`] satisfies [string, string]]),
  ];
}

/** Three decimals without an exponent, as the format's schema requires. */
function seconds(value: number): string {
  return Math.max(0, Number.isFinite(value) ? value : 0).toFixed(3);
}
