import * as v from 'valibot';
import { finiteOrNull, sha256 } from './fields.js';

/** A result names no more metrics and probes of others. */
export const mostExtensions = 100;

/** It is shown in terminals and pages: no control characters, nor any that turn the writing direction. */
const line = v.pipe(
  v.string('one line of text'),
  v.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,400}$/u, 'one line of at most 400 characters'),
);

/** A metric or probe as results keep it: enough to tell its scores from another version's, and to read them without it. */
export const extensionRecord = v.pipe(
  v.object(
    {
      /** Which of the two it is. */
      kind: v.picklist(['metric', 'probe'], "'metric' or 'probe'"),
      /** What a task's `evaluation` or `--probe` calls it. */
      name: line,
      /** What its author gave it. */
      version: line,
      /** One line: what it measures, or how it learns. */
      summary: line,
      /** Of a metric: whether more is better. */
      maximize: v.optional(v.boolean('true or false')),
      /** Of a metric: least and greatest score; null where there is no bound. */
      range: v.optional(v.strictTuple([finiteOrNull, finiteOrNull], 'the least and greatest score')),
      /** File name of its module, or its package with version; null where the caller passed it without any. */
      module: v.nullable(line),
      /** SHA-256 of the module, which it was loaded from; null without one. */
      sha256: v.nullable(sha256),
    },
    'a metric or probe with its version',
  ),
  v.check(
    ({ kind, maximize }) => kind === 'probe' || maximize !== undefined,
    'a metric that says whether more is better',
  ),
);
