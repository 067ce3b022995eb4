import { describe, expect, it } from 'vitest';
import * as core from '../src/index.js';

const parts = { asked: 'mn04_as.pt', found: 'a folder', fix: 'pass a file' };

describe.each([
  [core.SignalError, 'SIGNAL'],
  [core.OptionError, 'OPTION'],
  [core.CheckpointError, 'CHECKPOINT'],
  [core.PluginError, 'PLUGIN'],
  [core.EmbedderError, 'EMBEDDER'],
  [core.TaskError, 'TASK'],
  [core.AudioError, 'AUDIO'],
  [core.FileError, 'FILE'],
])('%o', (ErrorClass, code) => {
  it('says what was asked, what was found and what to do', () => {
    const error = new ErrorClass(parts);
    expect(error.message).toBe('mn04_as.pt: a folder; pass a file');
    expect(error).toMatchObject({ ...parts, code, name: ErrorClass.name });
    expect(error).toBeInstanceOf(core.HearkenError);
  });

  it('keeps its reason, and has none when there is none', () => {
    expect(new ErrorClass({ ...parts, reason: 'value-count' }).reason).toBe('value-count');
    expect('reason' in new ErrorClass(parts)).toBe(false);
  });

  it('keeps its cause, and has none when there is none', () => {
    const cause = new Error('underneath');
    expect(new ErrorClass({ ...parts, cause }).cause).toBe(cause);
    expect('cause' in new ErrorClass(parts)).toBe(false);
  });
});

it('gives every error class a code of its own', () => {
  const classes = Object.values(core).filter(
    (value): value is typeof core.HearkenError =>
      typeof value === 'function' && (value === core.HearkenError || value.prototype instanceof core.HearkenError),
  );
  const codes = classes.map((ErrorClass) => new ErrorClass(parts).code);
  expect(codes.length).toBe(9);
  expect(new Set(codes).size).toBe(codes.length);
});

describe('an error of another copy of this package', () => {
  /** What another copy's class makes: the same fields, another class. */
  const foreign = Object.assign(new Error('a: b; c'), { asked: 'a', found: 'b', fix: 'c', code: 'SIGNAL' });

  it('is an instance of the class of its code', () => {
    expect(foreign instanceof core.HearkenError).toBe(true);
    expect(foreign instanceof core.SignalError).toBe(true);
    expect(foreign instanceof core.OptionError).toBe(false);
  });

  it('is not told by its fields alone, nor by a class that was derived elsewhere', () => {
    class OwnError extends core.SignalError {}
    expect(foreign instanceof OwnError).toBe(false);
    expect(new OwnError(foreign) instanceof OwnError).toBe(true);
    expect(new OwnError(foreign) instanceof core.SignalError).toBe(true);
    expect({ ...foreign } instanceof core.HearkenError).toBe(false);
    expect(new Error('other') instanceof core.HearkenError).toBe(false);
  });
});
