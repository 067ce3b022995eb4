import { CheckpointError } from '@hearken/core';
import { readPickle } from './pickle.js';
import type { PickleVocabulary } from './pickle-machine.js';
import type { PickleValue } from './pickle-values.js';

/** What a pickle without any names can contain: None, booleans, numbers, text, bytes, lists, tuples, dicts and sets. */
export type PlainValue =
  null | boolean | number | bigint | string | Uint8Array | PlainValue[] | Map<PlainValue, PlainValue> | Set<PlainValue>;

/**
 * Reads a Python pickle that contains only plain data. A pickle that names a class or function, for any purpose, is
 * refused: nothing is looked up and nothing runs. Values may be shared and may contain themselves, so callers should
 * not walk deeper than they expect the data to be.
 *
 * @param what - the pickle's name in errors: `train.target-labels.pkl`.
 * @throws CheckpointError if the pickle uses a name, or is truncated, malformed or too large.
 */
export function readPlainPickle(bytes: Uint8Array, what: string): PlainValue {
  const refuse = (module: string, name: string) =>
    new CheckpointError({
      asked: what,
      found: `the pickle names '${module}.${name}' where only plain data is allowed; nothing was run`,
      fix: 'do not load this file with Python either, unless you know where it comes from',
    });
  const vocabulary: PickleVocabulary = {
    apply({ module, name }) {
      throw refuse(module, name);
    },
    resolve(id: PickleValue) {
      throw refuse('persistent id', typeof id === 'string' ? id : typeof id);
    },
  };
  const { value, usedNames } = readPickle(bytes, what, vocabulary);
  if (usedNames.length > 0) throw refuse(usedNames[0].module, usedNames[0].name);
  return value as PlainValue;
}
