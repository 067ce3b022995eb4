import { FileError, TaskError } from '@hearken/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { failureOf, failureText } from '../../src/jobs/failure-text.js';

const parts = { asked: "clip 'x.wav'", found: 'no sound', fix: 'repair it' };

it('keeps the parts of an error in a text that people can read', () => {
  const text = failureText(new TaskError(parts));
  expect(text).toBe("clip 'x.wav'\n  found:  no sound\n  to do:  repair it");
  expect(failureOf(text)).toEqual({ message: "clip 'x.wav': no sound; repair it", parts });
  const withReason = { ...parts, reason: 'process-ended' };
  expect(failureOf(failureText(new FileError(withReason))).parts).toEqual(withReason);
  // What was read from the queue may be written into it again.
  expect(failureText(new Error(text))).toBe(text);
});

it('keeps another error as one line', () => {
  const text = failureText(new TypeError('x is not\na function\u001B[2J'));
  expect(text).toBe('x is not a function [2J');
  expect(failureOf(text)).toEqual({ message: text });
  expect(failureOf('')).toEqual({ message: 'no reason given' });
});

it('bounds what it keeps, and what it believes', () => {
  const long = { asked: 'a'.repeat(1e6), found: 'b\u001B[31m\nc', fix: '' };
  const { parts: kept } = failureOf(failureText(new TaskError(long)));
  expect(kept).toEqual({ asked: 'a'.repeat(2000), found: 'b [31m c', fix: '-' });
  expect(failureOf(`${'x'.repeat(1e7)}\n  found:  y\n  to do:  z`)).toEqual({ message: 'x'.repeat(2000) });
  expect(failureOf('a\u009B2J\n  found:  \u202Eb\n  to do:  c').parts).toEqual({ asked: 'a 2J', found: 'b', fix: 'c' });
  expect(failureOf(failureText(new TaskError(long)), 10).parts!.asked).toBe('a'.repeat(10));
});

it('finds the parts of any error again, without control characters', () => {
  const text = fc.string({ unit: 'binary', maxLength: 50 });
  fc.assert(
    fc.property(text, text, text, (asked, found, fix) => {
      const once = failureText(new TaskError({ asked, found, fix }));
      const read = failureOf(once);
      expect(read.parts).toBeDefined();
      expect(read.message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(failureText(new TaskError(read.parts!))).toBe(once);
    }),
  );
});
