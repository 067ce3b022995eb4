import { join } from 'node:path';
import { readEcgFile } from '../../packages/signals/src/ecg/read-ecg-file.node.js';
import { type Target, UnsoundError } from '../engine/target.js';
import { singleFiles, wfdbRecords, type SeedPlaces } from './seed-files.js';
import { writeFiles } from './write-files.js';

const shared = (...folders: string[]): SeedPlaces => ({ own: 'ecg', shared: folders });

/** Reads the first existing file by its path, like all commands. */
const read: Target['run'] = async (files, context) => {
  const folder = await context.folder();
  await writeFiles(folder, files);
  const [name] = Object.keys(files);
  const isBare = /\.(?:csv|tsv|txt|npy)$/i.test(name);
  const { leads, signal, sampleRate } = await readEcgFile(join(folder, name), isBare ? { sampleRate: 500 } : {});
  if (!(sampleRate > 0 && sampleRate < Infinity)) throw new UnsoundError(`a sample rate of ${sampleRate} Hz`);
  if (leads.length === 0 || signal.length === 0 || signal.length % leads.length !== 0) {
    throw new UnsoundError(`${leads.length} leads and ${signal.length} values`);
  }
  // NaN is a gap.
  const at = signal.findIndex((value) => Math.abs(value) === Infinity);
  if (at >= 0) throw new UnsoundError(`${signal[at]} mV`);
};

const allowed = ['AudioError', 'FileError'];

/** All kinds of ECG files. */
export const ecgTargets: readonly Target[] = [
  {
    ...{ name: 'wfdb', allowed, run: read },
    seeds: () =>
      wfdbRecords(
        shared('fixtures/files/ecg/wfdb', 'faults/readers/e17-wfdb-features', 'faults/readers/e14-fractional-rate'),
      ),
  },
  {
    ...{ name: 'edf', allowed, run: read },
    seeds: () => singleFiles(shared('fixtures/files/ecg/edf', 'fixtures/files/annotations/edf'), /\.(?:edf|bdf)$/i),
  },
  {
    ...{ name: 'ecg-csv', allowed, run: read },
    seeds: () => singleFiles(shared(), /\.(?:csv|tsv)$/i),
  },
  {
    ...{ name: 'ecg-npy', allowed, run: read },
    seeds: () => singleFiles(shared('faults/readers/e13-npy-column-major'), /\.npy$/i),
  },
  {
    ...{ name: 'ecg-other', allowed, run: read },
    seeds: async () => [
      ...(await singleFiles(
        { own: 'ecg', shared: ['fixtures/files/ecg/other'] },
        /\.(?:scp|xml|gdf|mwf|ecg|dcm|edf|bdf|csv)$/i,
      )),
    ],
  },
];
