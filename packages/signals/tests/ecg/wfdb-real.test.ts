import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readEcgFile } from '../../src/ecg/read-ecg-file.node.js';
import { standardLeads } from '@hearken/core';
import { readNpy } from '../../src/npy.js';

// Real records are read in place; they are no part of the project.
const folder = fileURLToPath(new URL('../../../../../shared/fixtures/real/hubert-ecg', import.meta.url));

describe('real WFDB records', () => {
  if (!existsSync(folder)) {
    it.skipIf(process.env.CI !== 'true')(`needs ${folder}`, () => {
      throw new Error(`${folder} is not there: put the real fixtures beside the project, or unset CI`);
    });
    return;
  }
  it.each([
    ['00001_lr', 100, []],
    // Its .xyz file is not among the fixtures.
    ['s0010_re', 1000, [/vx, vy, vz was left out/]],
  ] as const)('%s has the values that the wfdb package reads', async (name, rate, warnings) => {
    const record = await readEcgFile(join(folder, `${name}.hea`));
    expect(record.sampleRate).toBe(rate);
    expect(record.warnings.length).toBe(warnings.length);
    warnings.forEach((warning, index) => {
      expect(record.warnings[index]).toMatch(warning);
    });
    const { signal } = await readEcgFile(join(folder, `${name}.hea`), { leads: standardLeads });
    const expected = readNpy(readFileSync(join(folder, `${name}.input.npy`)), name);
    const [samples, length] = [signal.length / 12, expected.shape[1]];
    for (let lead = 0; lead < 12; lead += 1) {
      const values = expected.data.subarray(lead * length, (lead + 1) * length);
      const difference = signal
        .subarray(lead * samples, lead * samples + length)
        .reduce((most, value, index) => Math.max(most, Math.abs(value - values[index])), 0);
      expect(difference).toBeLessThan(1e-6);
    }
  });
});
