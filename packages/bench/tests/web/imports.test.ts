import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as web from '../../src/web.js';

const entry = fileURLToPath(new URL('../../src/web.ts', import.meta.url));

/** Every file and package that a file comes to by imports, also by those that are done late; types do not count. */
function reached(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const late = [...text.matchAll(/import\('([^']+)'\)/g)].map(([, module]) => module);
  const early = [...text.matchAll(/^(?:import|export) (?!type\s)[^;]*?from '([^']+)'/gms)].map(([, module]) => module);
  for (const module of [...early, ...late]) {
    if (module.startsWith('.')) reached(join(file, '..', module.replace(/\.js$/, '.ts')), seen);
    else seen.add(module);
  }
  return seen;
}

describe('@hearken/bench/web', () => {
  it('has these exports', () => {
    expect(Object.keys(web).sort()).toEqual([
      'decodeAudioFile',
      'ecgRecordsOf',
      'miniTaskNames',
      'modelName',
      'nearestNeighbours',
      'prepareRows',
      'projectOntoPlane',
      'readEcgFiles',
      'readNpy',
      'resampleSignal',
      'rowForm',
      'runMiniBenchmark',
      'serveAudioDecoding',
      'trainClassifier',
      'writeNpy',
    ]);
    expect(web.miniTaskNames).toEqual(['events', 'pitch', 'rhythm', 'scenes']);
  });

  it('comes to nothing of Node.js, not even late', () => {
    const modules = [...reached(entry)];
    expect(modules.length).toBeGreaterThan(60);
    // csv-parse's usual entry needs Node.js's Buffer.
    const wrong = modules.filter((module) => /^node:|\.node\.ts$|onnx\/node$|^csv-parse\/sync$/.test(module));
    expect(wrong).toEqual([]);
  });

  it('resamples without a runtime', async () => {
    const tone = Float32Array.from({ length: 4800 }, (_, index) => Math.sin((2 * Math.PI * 440 * index) / 48_000));
    const resampled = await web.resampleSignal(tone, 48_000, 16_000);
    expect(resampled).toHaveLength(1600);
    for (let index = 400; index < 1200; index += 1) {
      expect(resampled[index]).toBeCloseTo(Math.sin((2 * Math.PI * 440 * index) / 16_000), 3);
    }
    expect(await web.resampleSignal(tone, 16_000, 16_000)).toBe(tone);
  });
});
