import { TaskError } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClips } from '../src/clip-labels.js';
import { parseMetadata } from '../src/metadata.js';
import { dataSplits } from '../src/splits.js';
import { parseVocabulary } from '../src/vocabulary.js';
import { sceneMetadata } from '../../../tests/support/task-folder.js';

const metadataText = (changes: Record<string, unknown>) => JSON.stringify({ ...sceneMetadata, ...changes });

describe('parseMetadata', () => {
  it('reads what HEAR writes, and ignores the rest', () => {
    const { metadata, splits } = parseMetadata(
      metadataText({ tfds_task_name: 'x', evaluation_params: { event_postprocessing_grid: { min_duration: [125] } } }),
      'task_metadata.json',
    );
    expect(metadata).toEqual({
      taskName: 'tiny',
      version: 'v1',
      embeddingType: 'scene',
      predictionType: 'multiclass',
      splitMode: 'trainvaltest',
      mode: 'full',
      sampleDuration: 0.5,
      evaluation: ['top1_acc'],
      modality: 'audio',
      leads: [],
      useScoringForEarlyStopping: true,
      evaluationParams: { event_postprocessing_grid: { min_duration: [125] } },
    });
    expect(splits).toEqual(['train', 'valid', 'test']);
  });

  it('reads whose the clips are', () => {
    const { metadata } = parseMetadata(metadataText({ grouping: { state: 'named', by: 'patient', count: 126 } }), 'm');
    expect(metadata.grouping).toEqual({ state: 'named', by: 'patient' });
  });

  it('names folds from their count where they are not listed', () => {
    const { splits, metadata } = parseMetadata(
      metadataText({ split_mode: 'presplit_kfold', nfolds: 3, splits: undefined, sample_duration: null }),
      'm',
    );
    expect(splits).toEqual(['fold00', 'fold01', 'fold02']);
    expect(metadata.sampleDuration).toBeNull();
  });

  it.each([
    [{ split_mode: 'kfold' }, /'split_mode' in 'm'.*"kfold".*new_split_kfold/],
    [{ embedding_type: 'scenes' }, /'embedding_type'.*did you mean 'scene'/],
    [{ prediction_type: 'regresion' }, /'prediction_type'.*did you mean 'regression'/],
    [{ prediction_type: 'regression', embedding_type: 'event' }, /'prediction_type'.*scene task/],
    [{ prediction_type: undefined }, /'prediction_type'.*nothing/],
    [{ modality: 'eeg' }, /'modality'.*audio, ecg/],
    [{ evaluation: [] }, /'evaluation'.*no metric/],
    [{ evaluation: 'top1_acc' }, /'evaluation'/],
    [{ sample_duration: -1 }, /'sample_duration'.*-1/],
    [{ sample_duration: '1' }, /'sample_duration'/],
    [{ task_name: '../x' }, /'task_name'/],
    [{ grouping: 'patient' }, /'grouping'.*"patient".*named, none, unknown/],
    [{ grouping: { state: 'nobody' } }, /'grouping'.*named, none, unknown/],
    [{ grouping: { state: 'named', by: ['patient'] } }, /'grouping'.*patient/],
    [{ version: undefined }, /'version'/],
    [{ splits: ['train', 'test'] }, /'splits'.*no 'valid'/],
    [{ split_mode: 'presplit_kfold', splits: ['a', '../b', 'c'] }, /'splits'.*\.\.\/b/],
    [{ split_mode: 'presplit_kfold', splits: ['a', 'b', 'a'] }, /named twice/],
    [{ split_mode: 'presplit_kfold', splits: undefined, nfolds: 1e9 }, /nfolds/],
  ])('refuses %j', (changes, message) => {
    expect(() => parseMetadata(metadataText(changes), 'm')).toThrow(message);
    expect(() => parseMetadata(metadataText(changes), 'm')).toThrow(TaskError);
  });

  it('says where JSON is wrong', () => {
    expect(() => parseMetadata('{\n "a": 1,\n "b" 2}', 'm')).toThrow(/'m': invalid JSON at line 3, column 6/);
    expect(() => parseMetadata('', 'm')).toThrow(/an empty file/);
    expect(() => parseMetadata('[]', 'm')).toThrow(/not a JSON object/);
  });
});

describe('parseVocabulary', () => {
  it('reads labels with commas, quotes, letters and in any order', () => {
    const text = '\uFEFFidx,label\r\n1,"Bass, ""slap"""\r\n0,Säge\r\n2, x\r\n';
    expect(parseVocabulary(text, 'v')).toEqual(['Säge', 'Bass, "slap"', ' x']);
  });

  it('gives back any labels that are quoted as CSV asks', () => {
    const label = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(fc.uniqueArray(label, { minLength: 1, maxLength: 20 }), (labels) => {
        const rows = labels.map((each, index) => `${index},"${each.replaceAll('"', '""')}"`);
        expect(parseVocabulary(['idx,label', ...rows].join('\n'), 'v')).toEqual(labels);
      }),
    );
  });

  it.each([
    ['idx,label\n', /no label/],
    ['', /columns \(none\)/],
    ['index,name\n0,a\n', /columns index, name/],
    ['idx,label\n0,a\n2,b\n', /idx '2' in row 2 of 2/],
    ['idx,label\n0,a\n0,b\n', /idx '0' in row 2/],
    ['idx,label\n0,a\n-1,b\n', /idx '-1'/],
    ['idx,label\n0,a\n1.0,b\n', /idx '1\.0'/],
    ['idx,label\n0,a\n1,a\n', /label 'a' at idx 0 and 1/],
    ['idx,label\n0,a,b\n', /v/],
    ['idx,label\n0,"a\n', /v/],
  ])('refuses %j', (text, message) => {
    expect(() => parseVocabulary(text, 'v')).toThrow(message);
    expect(() => parseVocabulary(text, 'v')).toThrow(TaskError);
  });
});

describe('parseClips', () => {
  const context = (embeddingType: 'scene' | 'event', predictionType: 'multiclass' | 'multilabel') => ({
    task: 'tiny-v1-full',
    split: 'train',
    metadata: { embeddingType, predictionType },
    labels: ['cat', '7'],
  });

  it('reads scenes and events, numbers as labels, in their order', () => {
    expect(parseClips({ 'b.wav': ['cat', 7], 'a.wav': [] }, context('scene', 'multilabel'))).toEqual([
      { name: 'b.wav', labels: ['cat', '7'], events: [] },
      { name: 'a.wav', labels: [], events: [] },
    ]);
    expect(parseClips({ 'b.wav': [{ start: 10.5, end: 20, label: 7 }] }, context('event', 'multilabel'))).toEqual([
      { name: 'b.wav', labels: [], events: [{ label: '7', start: 10.5, end: 20 }] },
    ]);
  });

  it.each([
    [{ 'a.wav': ['dog'] }, /split 'train' of task 'tiny-v1-full', clip 'a\.wav': label 'dog'/],
    [{ 'a.wav': ['cat', '7'] }, /2 labels in a multiclass task/],
    [{ 'a.wav': [] }, /0 labels in a multiclass task/],
    [{ 'a.wav': 'cat' }, /not a list/],
    [{ 'a.wav': [null] }, /label null/],
    [{ '../a.wav': ['cat'] }, /leaves its split's folder/],
    [{ '/etc/passwd': ['cat'] }, /leaves its split's folder/],
    [{ 'a/../../b.wav': ['cat'] }, /leaves its split's folder/],
    [{ 'a\\b.wav': ['cat'] }, /leaves its split's folder/],
    [{ 'a\u0000.wav': ['cat'] }, /leaves its split's folder/],
    [{ '': ['cat'] }, /leaves its split's folder/],
    [{}, /no clip/],
    [[], /not a JSON object/],
    [null, /not a JSON object/],
  ])('refuses scenes %j', (json, message) => {
    expect(() => parseClips(json, context('scene', 'multiclass'))).toThrow(message);
    expect(() => parseClips(json, context('scene', 'multiclass'))).toThrow(TaskError);
  });

  it.each([
    [[{ start: 20, end: 10, label: 'cat' }], /ends at 10 ms, before its start at 20 ms/],
    [[{ start: -1, end: 10, label: 'cat' }], /from -1 to 10/],
    [[{ start: '0', end: 10, label: 'cat' }], /from "0" to 10/],
    [[{ end: 10, label: 'cat' }], /from nothing to 10/],
    [[{ start: 0, end: 10, label: 'dog' }], /label 'dog'/],
    [['cat'], /not an object/],
  ])('refuses events %j', (events, message) => {
    expect(() => parseClips({ 'a.wav': events }, context('event', 'multilabel'))).toThrow(message);
  });
});

describe('dataSplits', () => {
  const task = (splitMode: 'trainvaltest' | 'new_split_kfold', names: string[]) => ({
    id: 'tiny',
    metadata: { ...parseMetadata(metadataText({}), 'm').metadata, splitMode },
    splits: new Map(names.map((name) => [name, []])),
  });

  it('trains, validates and tests once', () => {
    expect(dataSplits(task('trainvaltest', ['train', 'valid', 'test']))).toEqual([
      { train: ['train'], valid: ['valid'], test: ['test'] },
    ]);
  });

  it('goes round the sorted folds', () => {
    expect(dataSplits(task('new_split_kfold', ['fold02', 'fold00', 'fold03', 'fold01']))).toEqual([
      { train: ['fold02', 'fold03'], valid: ['fold01'], test: ['fold00'] },
      { train: ['fold00', 'fold03'], valid: ['fold02'], test: ['fold01'] },
      { train: ['fold00', 'fold01'], valid: ['fold03'], test: ['fold02'] },
      { train: ['fold01', 'fold02'], valid: ['fold00'], test: ['fold03'] },
    ]);
  });

  it('refuses two folds', () => {
    expect(() => dataSplits(task('new_split_kfold', ['a', 'b']))).toThrow(/folds of task 'tiny': 2/);
  });
});
