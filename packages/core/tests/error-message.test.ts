import * as core from '../src/index.js';
import { describe, expect, it } from 'vitest';
import { errorMessage, errorOfMessage } from '../src/remote.js';

/** There and back, through what a message between threads keeps. */
function sent(error: unknown): Error {
  return errorOfMessage(structuredClone(errorMessage(error)));
}

const parts = { asked: "task 'x'", found: 'nothing', fix: 'look for it' };
const classes = [core.HearkenError, core.TaskError, core.OptionError, core.SignalError, core.FileError];

describe('an error between threads', () => {
  it.each(classes.map((Class) => [Class.name, Class] as const))('stays a %s', (name, Class) => {
    const original = new Class(parts);
    const error = sent(original);
    expect(error).toBeInstanceOf(Class);
    expect(error.constructor).toBe(Class);
    expect(error).toMatchObject({ ...parts, name, code: original.code, message: original.message });
    expect(error.stack).toBe(original.stack);
  });

  it('keeps its reason, and has none when there is none', () => {
    expect(sent(new core.EmbedderError({ ...parts, reason: 'value-count' }))).toMatchObject({ reason: 'value-count' });
    expect('reason' in sent(new core.EmbedderError(parts))).toBe(false);
  });

  it('keeps what caused it', () => {
    const cause = new TypeError('underneath', { cause: 'a word' });
    const error = sent(new core.TaskError({ ...parts, cause }));
    expect(error.cause).toMatchObject({ name: 'TypeError', message: 'underneath' });
    expect((error.cause as Error).cause).toMatchObject({ message: 'a word' });
  });

  it('has an end where causes have none', () => {
    const error = new Error('round');
    error.cause = error;
    expect(sent(error).message).toBe('round');
  });

  it('may be anything that was thrown', () => {
    expect(sent('a word')).toMatchObject({ name: 'Error', message: 'a word' });
    expect(sent(new RangeError('far'))).toMatchObject({ name: 'RangeError', message: 'far' });
  });
});
