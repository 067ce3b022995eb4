import { describe, expect, it } from 'vitest';
import { TaskError } from '@hearken/core';
import { matchLabels, parseLabelMap } from '../src/internal.js';

describe('a map of labels', () => {
  it.each([
    ['JSON', '{"abnormal": ["crackle", "wheeze"], "healthy": "normal"}'],
    ['CSV', 'task,head\nabnormal,crackle\nabnormal,wheeze\nhealthy,normal\nabnormal,wheeze\n'],
    ['CSV in another order', 'note,head,task\n,crackle,abnormal\n,"wheeze",abnormal\n,normal,healthy\n'],
  ])('is read from %s', (_, text) => {
    expect(parseLabelMap(text, 'map')).toEqual({ abnormal: ['crackle', 'wheeze'], healthy: ['normal'] });
  });

  it.each([
    ['nothing', '{}', /no labels/],
    ['broken JSON', '{"a"', /like JSON/],
    ['numbers', '{"a": 1}', /'a' with 1/],
    ['an empty label', '{"a": ""}', /empty/],
    ['other columns', 'a,b\n1,2\n', /the columns a, b/],
    ['an open quotation mark', 'task,head\n"a,b\n', /never closed/],
  ])('is refused for %s', (_, text, message) => {
    expect(() => parseLabelMap(text, 'map')).toThrow(TaskError);
    expect(() => parseLabelMap(text, 'map')).toThrow(message);
  });
});

describe('labels of a head', () => {
  const head = ['normal', 'crackle', 'wheeze', 'both'];
  const of = { task: 'lungs', model: 'patchmix:patchmix' };

  it('are found by name, or by the map', () => {
    expect(matchLabels(['wheeze', 'normal'], head, undefined, of)).toEqual([[2], [0]]);
    const map = { abnormal: ['crackle', 'wheeze', 'both'], other: ['nothing'] };
    expect(matchLabels(['abnormal', 'normal'], head, map, of)).toEqual([[1, 2, 3], [0]]);
  });

  it('that are missing are all listed', () => {
    expect(() => matchLabels(['asthma', 'normal', 'COPD'], head, undefined, of)).toThrow(
      /no label of the head for 2 of 3: 'asthma', 'COPD'/,
    );
    expect(() => matchLabels(['asthma'], head, undefined, of)).toThrow(/--label-map/);
  });

  it('that a map names and the head lacks are listed, with the nearest one', () => {
    expect(() => matchLabels(['abnormal'], head, { abnormal: ['crackles'] }, of)).toThrow(
      /a map to 'crackles', which is no label of the head; did you mean 'crackle'/,
    );
  });
});
