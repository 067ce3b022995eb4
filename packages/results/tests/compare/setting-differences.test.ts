import { describe, expect, it } from 'vitest';
import { settingDifferences } from '../../src/compare/setting-differences.js';
import type { Result } from '../../src/format/result.js';

interface Changes {
  readonly model?: object;
  readonly evaluation?: object;
  readonly extensions?: unknown;
}

function result({ model, evaluation, extensions }: Changes = {}): Result {
  return {
    harness: { name: 'hearken', version: '0.1.0' },
    model: {
      plugin: 'p',
      model: 'm',
      pluginVersion: '1.0.0',
      checkpointSha256: null,
      options: { bands: 64, window: { hop: 10, size: 25 } },
      backend: 'onnxruntime-node 1.30.0 cpu, 2 threads',
      ...model,
    },
    evaluation: { probe: 'mlp', grid: 'default', gridPoints: 8, seed: 0, seeds: 1, pca: null, ...evaluation },
    ...(extensions === undefined ? {} : { extensions }),
  } as unknown as Result;
}

describe('settingDifferences', () => {
  it('finds none in equal settings, however they are ordered, nor in the number of threads', () => {
    const other = result({
      model: {
        options: { window: { size: 25, hop: 10 }, bands: 64 },
        backend: 'onnxruntime-node 1.30.0 cpu, 9 threads',
      },
    });
    expect(settingDifferences(result(), other)).toEqual([]);
  });

  it('names each setting that differs, and what only one of the two says', () => {
    const model = { checkpointSha256: 'ab', options: { bands: 16, window: { hop: 10, size: 25 }, mono: true } };
    const other = result({ model, evaluation: { probe: 'linear', trainFraction: 0.5 } });
    expect(settingDifferences(result(), other)).toEqual([
      { setting: 'checkpointSha256', values: [null, 'ab'] },
      { setting: 'options.bands', values: [64, 16] },
      { setting: 'probe', values: ['mlp', 'linear'] },
      { setting: 'options.mono', values: [null, true] },
      { setting: 'trainFraction', values: [null, 0.5] },
    ]);
  });

  it('tells two versions of a metric apart', () => {
    const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];
    const record = {
      kind: 'metric',
      name: 'f2',
      version: '1',
      summary: 'F2',
      maximize: true,
      module: 'f2.js',
      sha256: a,
    };
    const differences = settingDifferences(
      result({ extensions: [record] }),
      result({ extensions: [{ ...record, sha256: b }] }),
    );
    expect(differences).toEqual([{ setting: 'extensions.metric.f2.sha256', values: [a, b] }]);
  });

  it('takes two models for what they are, and compares how they were scored', () => {
    const other = result({ model: { model: 'n', options: {}, pluginVersion: '2' }, evaluation: { seed: 1 } });
    expect(settingDifferences(result(), other)).toEqual([{ setting: 'seed', values: [0, 1] }]);
  });

  it('bears whatever a file may say', () => {
    for (const wild of [undefined, null, 1, 'x', [], ['__proto__']]) {
      const other = { ...result(), evaluation: wild, extensions: wild, harness: wild };
      Object.assign(other, { model: { plugin: 'p', model: 'm', options: wild, backend: wild } });
      expect(settingDifferences(result(), other as never).map(({ setting }) => setting)).toContain('pluginVersion');
    }
  });
});
