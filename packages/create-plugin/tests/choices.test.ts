import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkChoices, type Choices, splitPackageName, startOf } from '../src/choices.js';

const good: Choices = { name: 'my-model', signal: 'audio', weights: 'none', input: 'waveform', sampleRate: 16_000 };

describe('checkChoices', () => {
  it('takes names of words, scopes, and any sensible rate', () => {
    for (const name of ['a', 'my-model', 'wav2vec2-base']) checkChoices({ ...good, name });
    checkChoices({ ...good, scope: '@my-lab', signal: 'ecg', sampleRate: 500 });
  });

  it.each<Partial<Choices>>([
    { name: '' },
    { name: 'My-Model' },
    { name: '-x' },
    { name: 'x-' },
    { name: 'a--b' },
    { name: '../up' },
    { name: "a'b" },
    { name: 'x'.repeat(51) },
    { name: 'baseline' },
    { scope: 'lab' },
    { scope: '@../x' },
    { scope: '@hearken' },
    { sampleRate: 0 },
    { sampleRate: 16_000.5 },
    { sampleRate: NaN },
    { signal: 'ecg', weights: 'onnx', input: 'features' },
  ])('refuses %o', (change) => {
    expect(() => {
      checkChoices({ ...good, ...change });
    }).toThrow(expect.objectContaining({ code: 'OPTION' }) as Error);
  });

  it('lets no name through that could leave a folder or a string', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        try {
          checkChoices({ ...good, name });
        } catch {
          return;
        }
        expect(name).toMatch(/^[a-z0-9-]+$/);
      }),
    );
  });
});

it('takes whole package names apart', () => {
  expect(splitPackageName('my-model')).toEqual({ name: 'my-model' });
  expect(splitPackageName('hearken-plugin-my-model')).toEqual({ name: 'my-model' });
  expect(splitPackageName('@lab/hearken-plugin-my-model')).toEqual({ name: 'my-model', scope: '@lab' });
});

it('starts from what the weights are in', () => {
  const start = (weights: Choices['weights'], input: Choices['input'] = 'waveform') => startOf({ weights, input });
  expect([start('onnx'), start('onnx', 'features'), start('safetensors'), start('pytorch'), start('none')]).toEqual([
    'onnx-waveform',
    'onnx-features',
    'graph',
    'graph',
    'typescript',
  ]);
});
