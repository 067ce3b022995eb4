import { expect, it } from 'vitest';
import * as core from '../src/index.js';

it('exports these values, and no other', () => {
  expect(Object.keys(core).sort()).toEqual([
    'AudioError',
    'CheckpointError',
    'EmbedderError',
    'FileError',
    'HearkenError',
    'OptionError',
    'PluginError',
    'SignalError',
    'TaskError',
    'checkSignals',
    'conformanceChecks',
    'createRegistry',
    'defaultTestSignal',
    'definePlugin',
    'didYouMean',
    'firstNonFinite',
    'getSceneEmbeddings',
    'getTimestampEmbeddings',
    'isPluginPath',
    'parseModelSpecifier',
    'pluginFromModule',
    'runConformance',
    'signalBatch',
    'sliceBatch',
    'testEmbedder',
  ]);
});
