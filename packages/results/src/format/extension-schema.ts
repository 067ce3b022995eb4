import * as v from 'valibot';
import { finiteOrNull, sha256 } from './fields.js';

/** The maximum number of custom metrics and probes in a result. */
export const mostExtensions = 100;

/** Shown in terminals and pages: no control characters, and none that change the writing direction. */
const line = v.pipe(
  v.string('one line of text'),
  v.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,400}$/u, 'one line of at most 400 characters'),
);

/** A custom metric or probe in a result: enough to tell its scores from another version's, and to read them without it. */
export const extensionRecord = v.pipe(
  v.object(
    {
      /** Metric or probe. */
      kind: v.picklist(['metric', 'probe'], "'metric' or 'probe'"),
      /** Its name in a task's `evaluation` or in `--probe`. */
      name: line,
      /** Given by its author. */
      version: line,
      /** One line: what it measures, or how it learns. */
      summary: line,
      /** For a metric: whether higher is better. */
      maximize: v.optional(v.boolean('true or false')),
      /** For a metric: the lowest and highest possible score; null if unbounded. */
      range: v.optional(
        v.strictTuple([finiteOrNull, finiteOrNull], 'the lowest and highest score, each a number or null'),
      ),
      /** File name of its module, or its package with version; null if it was passed without a module. */
      module: v.nullable(line),
      /** SHA-256 of the module it was loaded from; null without one. */
      sha256: v.nullable(sha256),
    },
    'a metric or probe with its version',
  ),
  v.check(
    ({ kind, maximize }) => kind === 'probe' || maximize !== undefined,
    'a metric that states whether higher is better',
  ),
);
