import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { isRecord } from '@hearken/core/internal';
import { parseResult } from '../../src/format/read-result.js';
import type { Result } from '../../src/format/result.js';

const folder = fileURLToPath(new URL('../fixtures/version-1/fake-small', import.meta.url));

/** Whole documents of version 1, as they were written, and as version 2. */
let documents: Record<string, unknown>[];
/** The default result of version 2. */
let plain: Result;

beforeAll(async () => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  documents = [];
  for (const name of names) {
    const text = await readFile(join(folder, name), 'utf8');
    const read = parseResult(text, name);
    if ('problems' in read) throw new Error(`${name}: ${read.problems[0].message}`);
    documents.push(JSON.parse(text) as Record<string, unknown>, read.result as unknown as Record<string, unknown>);
    if (read.result.isDefault) plain = read.result;
  }
});

function problemsOf(document: unknown) {
  const read = parseResult(JSON.stringify(document));
  return 'problems' in read ? read.problems : [];
}

describe('parseResult', () => {
  it('reads version 2 as it is written, and version 1 as version 2', () => {
    for (const document of documents) {
      const read = parseResult(JSON.stringify(document), 'x.json');
      if ('problems' in read) throw new Error(read.problems[0].message);
      expect(read.version).toBe(document.schemaVersion);
      expect(read.result.schemaVersion).toBe(2);
      if (read.version === 2) expect(read.result).toEqual(document);
      // Every field that version 1 has keeps its name and its value.
      else expect({ ...read.result, schemaVersion: 1 }).toMatchObject(document);
    }
  });

  it('has in parts what version 1 says in a text and in the name of the file', async () => {
    const names = ['tones-v1-full.json', 'tones-v1-full.e3f3b89c.json'];
    const read = await Promise.all(
      names.map(async (name) => parseResult(await readFile(join(folder, name), 'utf8'), name)),
    );
    expect(read).toMatchObject([
      {
        result: { isDefault: true, model: { backend: 'arithmetic, 1 threads', execution: { runtime: 'arithmetic' } } },
      },
      { result: { isDefault: false, model: { execution: { threads: 1 } } } },
    ]);
  });

  it('ignores fields that it does not know', () => {
    const more = { ...plain, later: { x: [1] }, model: { ...plain.model, later: 1 } };
    expect(parseResult(JSON.stringify(more))).toMatchObject({ result: more });
  });

  it.each<[string, (result: Result) => unknown, string, string, string]>([
    ['a missing field', ({ metric: _, ...rest }) => rest, 'metric', 'nothing', 'a non-empty string'],
    ['a missing object', ({ model: _, ...rest }) => rest, 'model', 'nothing', 'an object'],
    [
      'a field of an object',
      (result) => ({ ...result, evaluation: { ...result.evaluation, seed: -1 } }),
      ...(['evaluation.seed', '-1', 'a whole number'] as const),
    ],
    [
      'a missing field in a list',
      (result) => ({ ...result, folds: [{ ...result.folds[0], rows: undefined }] }),
      ...(['folds[0].rows', 'nothing', 'a whole number'] as const),
    ],
    [
      'a number that is infinite',
      (result) => ({ ...result, seconds: { embed: '1e999', probe: 1 } }),
      ...(['seconds.embed', 'null', 'a number'] as const),
    ],
    [
      'a field by the name of a metric',
      (result) => ({ ...result, scores: { top1_acc: { mean: 'good', deviation: null, interval: null } } }),
      ...(['scores.top1_acc.mean', "'good'", 'a number or null'] as const),
    ],
    [
      'a task of a kind that comes later',
      (result) => ({ ...result, task: { ...result.task, predictionType: 'retrieval' } }),
      ...(['task.predictionType', "'retrieval'", "'multiclass', 'multilabel' or 'regression'"] as const),
    ],
    [
      'a name that objects have',
      (result) => ({ ...result, configuration: JSON.parse('{"__proto__": 1}') as unknown }),
      ...(["configuration.'__proto__'", '1', 'a different name'] as const),
    ],
    [
      'an extension without a version',
      (result) => ({ ...result, extensions: [{ kind: 'probe', name: 'p', summary: 's', module: null, sha256: null }] }),
      ...(['extensions[0].version', 'nothing', 'one line of text'] as const),
    ],
  ])('names field, found and wanted: %s', (_what, change, field, found, wanted) => {
    const text = JSON.stringify(change(plain)).replace('"1e999"', '1e999');
    const read = parseResult(text);
    const message = `${field} is ${found === 'nothing' ? 'missing' : found}, expected ${wanted}`;
    expect(read).toMatchObject({
      problems: [{ reason: 'invalid-field', field, found, wanted, message }],
      task: plain.task.id,
    });
  });

  it.each<[string, unknown, string, RegExp]>([
    [
      'a later version',
      { schemaVersion: 3 },
      'newer-version',
      /^schemaVersion is 3; this version of Hearken reads 1 or 2$/,
    ],
    [
      'an earlier version',
      { schemaVersion: 0 },
      'older-version',
      /^schemaVersion is 0; this version of Hearken reads 1 or 2$/,
    ],
    ['no version', { schemaVersion: undefined }, 'invalid-field', /^schemaVersion is missing; this/],
    ['a version that is none', { schemaVersion: '2' }, 'invalid-field', /^schemaVersion is '2'; this/],
    ['a later version without a name', { schemaVersion: 9, harness: 1 }, 'newer-version', /^schemaVersion is 9/],
  ])('tells %s from other JSON', (_what, change, reason, message) => {
    const [problem] = problemsOf({ ...plain, ...(change as object) });
    expect(problem).toMatchObject({
      reason,
      field: 'schemaVersion',
      message: expect.stringMatching(message) as string,
    });
  });

  it.each([
    ['{"a": 1}', 'not-a-result', 'not a Hearken result: schemaVersion is missing'],
    ['{"schemaVersion": 4}', 'not-a-result', 'not a Hearken result: harness.name is missing'],
    ['[1]', 'not-a-result', 'not a JSON object'],
    ['{"schemaVersion": 2, ', 'not-json', expect.stringMatching(/^not valid JSON \(/)],
    ['', 'not-json', expect.stringMatching(/^not valid JSON \(/)],
  ])('tells what is no result: %s', (text, reason, message) => {
    expect(parseResult(text)).toMatchObject({ problems: [{ reason, message: message as string }] });
  });

  it('names one problem a field, however long a list is', () => {
    const folds = Array.from({ length: 20_000 }, () => ({ test: 1 }));
    const problems = problemsOf({ ...plain, folds, warnings: folds });
    expect(problems.map(({ field }) => field)).toEqual(['folds[0].test', 'warnings[0]']);
    expect(Math.max(...problems.map(({ message }) => message.length))).toBeLessThan(1000);
  });

  it('answers whatever a document was changed to, and never throws', () => {
    const anywhere = fc.record({
      document: fc.constantFrom(...documents.keys()),
      places: fc.array(fc.nat(), { minLength: 1, maxLength: 6 }),
      value: fc.option(fc.jsonValue(), { nil: undefined }),
    });
    fc.assert(
      fc.property(anywhere, ({ document: index, places, value }) => {
        const document = JSON.parse(JSON.stringify(documents[index])) as unknown;
        replaceAt(document, places, value);
        const text = JSON.stringify(document);
        const read = parseResult(text, 'x.json');
        if ('problems' in read) {
          expect(read.problems.length).toBeGreaterThan(0);
          for (const { field, found, wanted, message } of read.problems) {
            expect(message).not.toMatch(/TypeError|Cannot read|\[object/);
            expect([field, found, wanted].every((part) => typeof part === 'string' && part.length < 500)).toBe(true);
          }
        } else if (read.version === 2) expect(read.result).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it('answers whatever a text was changed to, and never throws', () => {
    const text = JSON.stringify(documents[0]);
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(40), fc.string(), (start, length, inserted) => {
        parseResult(text.slice(0, start) + inserted + text.slice(start + length));
      }),
    );
  });
});

/** Replaces or removes what is found by going down by the places, each modulo the number of keys. */
function replaceAt(value: unknown, [place, ...rest]: readonly number[], replacement: unknown): void {
  if (!isRecord(value) && !Array.isArray(value)) return;
  const keys = Object.keys(value);
  if (keys.length === 0) return;
  const key = keys[place % keys.length];
  const holder = value as Record<string, unknown>;
  if (rest.length > 0 && typeof holder[key] === 'object' && holder[key] !== null) {
    replaceAt(holder[key], rest, replacement);
  } else if (replacement === undefined) Reflect.deleteProperty(holder, key);
  else holder[key] = replacement;
}
