// What differs between kinds of tasks is in one file per kind and package, and nowhere else.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { type TestAnswers, scoringKind } from '@hearken/metrics/internal';
import type { TaskMetadata } from '@hearken/tasks';
import { taskKind } from '@hearken/tasks/internal';
import { evaluationKind } from '../packages/bench/src/kinds/registry.js';
import { storedKind, storedKindNames } from '../packages/results/src/kinds/registry.js';

const packages = fileURLToPath(new URL('../packages', import.meta.url));

/** Packages in which kinds differ. */
const withKinds = ['metrics', 'tasks', 'results', 'bench'];

type Types = Pick<TaskMetadata, 'embeddingType' | 'predictionType'>;

/** One task of each kind, and answers for two clips. */
const examples: Readonly<Record<string, { readonly types: Types; readonly answers: TestAnswers }>> = {
  scene: {
    types: { embeddingType: 'scene', predictionType: 'multilabel' },
    answers: {
      kind: 'scene',
      test: 'test',
      clips: ['a.wav', 'b.wav'],
      targets: Uint8Array.of(1, 0, 1, 1),
      predictions: Float32Array.of(0.75, 0.25, 0.5, 0.5),
      scoring: { predictionType: 'multilabel', settings: { positiveLabel: 'x' } },
    },
  },
  regression: {
    types: { embeddingType: 'scene', predictionType: 'regression' },
    answers: {
      kind: 'regression',
      test: 'test',
      clips: ['a.wav', 'b.wav'],
      values: Float64Array.of(1, 2, 3, 4),
      predictions: Float32Array.of(1, 3, 2, 4),
    },
  },
  event: {
    types: { embeddingType: 'event', predictionType: 'multilabel' },
    answers: {
      kind: 'event',
      test: 'test',
      clips: ['a.wav', 'b.wav'],
      reference: [[{ label: 'x', start: 0, end: 100 }], []],
      estimated: [[{ label: 'y', start: 50, end: 100 }], [{ label: 'x', start: 5, end: 10 }]],
    },
  },
};

describe.each(storedKindNames)('%s tasks', (name) => {
  it('have a file in each package', () => {
    for (const folder of withKinds) expect(existsSync(join(packages, folder, 'src/kinds', `${name}.ts`))).toBe(true);
  });

  it('are the same kind in each package', () => {
    const { types, answers } = examples[name];
    expect(taskKind(types).name).toBe(name);
    expect(evaluationKind(types)).toBeDefined();
    expect(scoringKind(answers).areFinite(answers)).toBe(true);
  });

  it('have answers that are the same after they were stored', () => {
    const { answers } = examples[name];
    const kind = storedKind(answers);
    const labels = ['x', 'y'];
    const shared: unknown = JSON.parse(JSON.stringify(kind.shared(answers)));
    const entries = JSON.parse(JSON.stringify(kind.entries(answers, labels))) as Record<string, unknown>[];
    expect(kind.isShared(shared as Record<string, unknown>)).toBe(true);
    expect(entries.every((entry) => kind.isEntry(entry, labels.length))).toBe(true);
    expect(kind.isEntry({}, labels.length)).toBe(false);
    const predictions = 'predictions' in answers ? answers.predictions : new Float32Array();
    const { test, clips } = answers;
    const again = kind.answers({ test, clips }, entries as never, { labels, predictions, ...(shared as object) });
    expect(again).toEqual(answers);
  });
});

/** Code that is about one kind alone, and names it. */
const aboutOneKind: Readonly<Record<string, string>> = {
  'metrics/src/decisions.ts': 'the positive label of scenes',
  'metrics/src/icbhi.ts': 'a metric over scenes',
  'metrics/src/scene-scores.ts': 'what scenes are scored with',
  'metrics/src/intervals/area-intervals.ts': 'areas under ROC curves',
  'metrics/src/intervals/score-intervals.ts': 'areas under ROC curves',
  'results/src/compare/area-comparison.ts': 'areas under ROC curves',
  'results/src/protocols/collect-scores.node.ts': 'one label of a scene task against the others',
  'report/src/read/scene-answers.node.ts': 'pictures of scenes',
  'bench/src/cli/results-output.ts': 'thresholds of scenes',
  'bench/src/extensions/define-metric.ts': 'what a custom metric of each kind brings',
  'tasks/src/datasets/csv-dataset.ts': 'columns of a table',
};

/** The same words with other meanings. */
const otherWords = [
  'core/src/conformance/length-checks.ts',
  // What the logits of a model's own head mean.
  ...['core/src/classification-head.ts', 'core/src/conformance/head-checks.ts', 'core/src/logits-embedder.ts'],
  'bench/src/probes/head-probe.ts',
  'plugins-onnx/src/file-head.ts',
];

const names = ['scene', 'regression', 'event', 'multiclass', 'multilabel'];

function comparisonsIn(file: string, text: string): string[] {
  const found: string[] = [];
  const isName = (node: ts.Node) => ts.isStringLiteralLike(node) && names.includes(node.text);
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && (isName(node.left) || isName(node.right))) {
      const isComparison = [ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken];
      if (isComparison.includes(node.operatorToken.kind)) found.push(`${file}: ${node.getText()}`);
    }
    if (ts.isCaseClause(node) && isName(node.expression)) found.push(`${file}: ${node.expression.getText()}`);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

describe('code outside the files of kinds', () => {
  const files = readdirSync(packages).flatMap((folder) =>
    readdirSync(join(packages, folder, 'src'), { recursive: true, encoding: 'utf8' })
      .map((file) => `${folder}/src/${file}`)
      .filter((file) => file.endsWith('.ts') && !file.includes('/kinds/')),
  );
  const comparisons = files.flatMap((file) => {
    const text = readFileSync(join(packages, file), 'utf8');
    return names.some((name) => text.includes(`'${name}'`)) ? comparisonsIn(file, text) : [];
  });

  it('does not ask of which kind a task, a metric or an answer is', () => {
    const allowed = [...Object.keys(aboutOneKind), ...otherWords];
    expect(comparisons.filter((found) => !allowed.some((file) => found.startsWith(`${file}:`)))).toEqual([]);
    expect(comparisonsIn('x.ts', "if (kind === 'scene' || type !== 'multilabel') {}")).toHaveLength(2);
  });

  it('has no exception that is not needed', () => {
    const unneeded = [...Object.keys(aboutOneKind), ...otherWords].filter(
      (file) => !comparisons.some((found) => found.startsWith(`${file}:`)),
    );
    expect(unneeded).toEqual([]);
  });
});
