import { CheckpointError } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bufferSource } from '../../src/checkpoint/byte-source.js';
import { ModelConfig, readModelConfig } from '../../src/checkpoint/model-config.js';

const config = new ModelConfig('config.json', {
  width: 64,
  size: [192, 128],
  epsilon: 1e-6,
  act: 'gelu',
  bias: true,
  nothing: null,
});

const read = (text: string) => readModelConfig(bufferSource(new TextEncoder().encode(text), 'config.json'));

describe('ModelConfig', () => {
  it('gives settings of the kind that is asked for', () => {
    expect(config.integer('width')).toBe(64);
    expect(config.integers('width')).toEqual([64]);
    expect(config.integers('size')).toEqual([192, 128]);
    expect(config.number('epsilon', { minimum: 0 })).toBe(1e-6);
    expect(config.text('act', ['gelu', 'relu'])).toBe('gelu');
    expect(config.flag('bias')).toBe(true);
  });

  it('gives nothing for what is absent, null, or only inherited', () => {
    expect(config.integer('nothing')).toBeUndefined();
    expect(config.text('absent')).toBeUndefined();
    expect(config.text('constructor')).toBeUndefined();
  });

  it.each([
    [() => config.integer('epsilon'), /'epsilon' as an integer from 1 to 1000000.*0\.000001/],
    [() => config.integer('width', { maximum: 32 }), /from 1 to 32.*64/],
    [() => config.integers('act'), /integers.*"gelu"/],
    [() => config.number('act'), /a number/],
    [() => config.text('act', ['relu', 'tanh']), /one of relu, tanh.*"gelu"/],
    [() => config.text('width'), /text.*64/],
    [() => config.flag('width'), /true or false.*64/],
  ])('refuses one of another kind %#', (get, message) => {
    expect(get).toThrow(CheckpointError);
    expect(get).toThrow(message);
  });
});

describe('readModelConfig', () => {
  it('keeps what JSON says', async () => {
    const value = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }));
    await fc.assert(
      fc.asyncProperty(value, async (values) => {
        const text = JSON.stringify(values);
        expect((await read(text)).values).toEqual(JSON.parse(text));
      }),
      { numRuns: 50 },
    );
  });

  it('answers any bytes with a config or a CheckpointError', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
        const outcome = await readModelConfig(bufferSource(bytes, 'config.json')).catch((error: unknown) => error);
        expect(outcome instanceof ModelConfig || outcome instanceof CheckpointError).toBe(true);
      }),
    );
  });

  it.each([
    ['[]', /not a JSON object/],
    ['{', /not JSON/],
    [`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`, /nested too deeply/],
    [' '.repeat(5 * 1024 * 1024), /more than/],
  ])('refuses text %#', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });
});
