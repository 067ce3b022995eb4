import * as v from 'valibot';

/* Each schema's message says what is expected: "model.plugin is missing, expected <message>". */

/** A string that is not blank. */
export function text(wanted = 'a non-empty string') {
  return v.pipe(v.string(wanted), v.regex(/\S/u, wanted));
}

/** A string typed as one of a fixed list. Files may hold other values, as later versions extend such lists; code only displays them. */
export function openText<Known extends string>() {
  return v.string('a string') as unknown as v.GenericSchema<Known>;
}

/** JSON has no NaN or infinity, but `1e999` parses as infinity. */
export function finite(wanted = 'a number') {
  return v.pipe(v.number(wanted), v.finite(wanted));
}

/** A number, or null if it is undefined or infinite. */
export const finiteOrNull = v.nullable(finite('a number or null'));

/** An integer of at least `least` that a double represents exactly. */
export function whole(least = 0, wanted = 'a whole number') {
  return v.pipe(
    v.number(wanted),
    v.integer(wanted),
    v.minValue(least, wanted),
    v.maxValue(Number.MAX_SAFE_INTEGER, wanted),
  );
}

/** `'a', 'b' or 'c'`. */
export function alternatives(choices: readonly string[]): string {
  const quoted = choices.map((choice) => `'${choice}'`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}

/** SHA-256 in hexadecimal. */
export const sha256 = v.pipe(
  v.string('a SHA-256 in hexadecimal'),
  v.regex(/^[0-9a-f]{64}$/u, 'a SHA-256 in hexadecimal'),
);

/** ISO 8601, UTC. */
export const date = v.pipe(
  v.string('an ISO 8601 date'),
  v.regex(/^\d{4}-\d{2}-\d{2}T[\d:.]{5,20}Z$/u, 'an ISO 8601 date'),
  v.check((value) => !Number.isNaN(Date.parse(value)), 'an ISO 8601 date'),
  v.metadata({ format: 'date-time' }),
);

/** Names that plain objects already have. Nothing in a result uses them, and valibot skips them. */
const unsafeNames = ['__proto__', 'constructor', 'prototype'];

/** An object whose keys are names: of metrics, labels, options. */
export function byName<Value extends v.GenericSchema>(value: Value, wanted = 'an object') {
  return v.pipe(
    v.custom<Record<string, unknown>>(
      (input) => typeof input === 'object' && input !== null && !Array.isArray(input),
      wanted,
    ),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const input = dataset.value;
      const key = unsafeNames.find((name) => Object.hasOwn(input, name));
      if (key === undefined) return;
      addIssue({
        message: 'a different name',
        path: [{ type: 'object', origin: 'key', input, key, value: input[key] }],
      });
    }),
    v.record(v.string(), value, wanted),
  );
}

/** Any JSON value by name. */
export const anyByName = byName(v.unknown());
