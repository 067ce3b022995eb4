import { OptionError, didYouMean } from '@hearken/core';
import cidrz from './cidrz.js';
import coswara from './coswara.js';
import coughvid from './coughvid.js';
import csvDataset from './csv-dataset.js';
import type { Dataset } from './dataset.js';
import flusense from './flusense.js';
import foldersDataset from './folders-dataset.js';
import fsd50k from './fsd50k.js';
import hubertEcg from './hubert-ecg.js';
import icbhi from './icbhi.js';
import ptbxl from './ptbxl.js';
import sprsound from './sprsound.js';

/** All datasets that tasks can be made from. */
export const datasets: readonly Dataset[] = [
  icbhi,
  sprsound,
  fsd50k,
  flusense,
  coughvid,
  coswara,
  cidrz,
  ptbxl,
  hubertEcg,
  csvDataset,
  foldersDataset,
];

/**
 * The dataset with this name.
 *
 * @throws OptionError for an unknown name; suggests the nearest known one
 */
export function datasetByName(name: string): Dataset {
  const dataset = datasets.find((one) => one.name === name);
  if (dataset !== undefined) return dataset;
  const names = datasets.map((one) => one.name);
  throw new OptionError({
    asked: `dataset '${name}'`,
    found: 'no such dataset',
    fix: `${didYouMean(name, names)}known: ${names.join(', ')}`,
  });
}
