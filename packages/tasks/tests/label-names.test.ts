import { describe, expect, it } from 'vitest';
import { TaskError } from '@hearken/core';
import { parseLabelNames } from '../src/internal.js';

const parsed = (text: string) => parseLabelNames(text, 'names');

describe('names of labels', () => {
  it('are lines, which may contain commas', () => {
    expect(parsed('\uFEFFSpeech\r\n\nMale speech, man speaking\n')).toEqual(['Speech', 'Male speech, man speaking']);
  });

  it.each([
    ["AudioSet's table", 'index,mid,display_name\n1,/m/05zppz,"Male speech, man speaking"\n0,/m/09x0r,"Speech"\n'],
    ["a task's vocabulary", 'idx,label\n0,Speech\n1,"Male speech, man speaking"\n'],
    ['a list', '["Speech", "Male speech, man speaking"]'],
    ['a map', '{"1": "Male speech, man speaking", "0": "Speech"}'],
    ['a config', '{"id2label": {"0": "Speech", "1": "Male speech, man speaking"}, "model_type": "x"}'],
  ])('are read from %s', (_, text) => {
    expect(parsed(text)).toEqual(['Speech', 'Male speech, man speaking']);
  });

  it.each([
    ['nothing', ' \n', /no names/],
    ['a name twice', 'a\nb\na', /'a' at 0 and at 2/],
    ['a missing index', '{"0": "a", "2": "b"}', /index '2' among 2 names/],
    ['an index twice', 'index,name\n0,a\n0,b\n', /index '0'/],
    ['an empty name', '["a", ""]', /at 1/],
    ['a very long name', 'a'.repeat(1000), /at 0/],
    ['broken JSON', '["a"', /like JSON/],
    ['values that are no names', '[["a"]]', /at 0/],
    ['a row of another length', 'index,name\n0,a,b\n', /3 cells in line 2/],
    ['an open quotation mark', 'index,name\n0,"a\n', /never closed/],
  ])('are refused for %s', (_, text, message) => {
    expect(() => parsed(text)).toThrow(TaskError);
    expect(() => parsed(text)).toThrow(message);
  });
});
