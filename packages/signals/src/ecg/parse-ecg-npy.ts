import { AudioError, standardLeads } from '@hearken/core';
import { splitChannels } from '../channels.js';
import { readNpy } from '../npy.js';
import { checkSize, type EcgRecord } from './ecg-record.js';
import { type EcgWarning, warningFields } from './ecg-warnings.js';

/** Sample rate of HuBERT-ECG's files in Hz. */
const publishedRate = 500;

/**
 * Reads an ECG stored as by HuBERT-ECG's authors: a NumPy array `[12, samples]`, by default at 500 Hz, with the leads
 * in the usual order. Their files are already filtered and scaled; a record that looks like that gets a warning, and so
 * does one without a given rate.
 *
 * @param bytes the whole file
 * @param path the file's name in errors
 * @throws AudioError for another shape, FileError for a damaged file
 */
export function parseEcgNpy(bytes: Uint8Array, path: string, sampleRate?: number): EcgRecord {
  const { data: signal, shape } = readNpy(bytes, path);
  const [leads, samples] = shape;
  if (shape.length !== 2 || leads !== standardLeads.length || samples < 1) {
    const turned = shape.length === 2 && samples === standardLeads.length;
    throw new AudioError({
      asked: `ECG '${path}' of 12 leads`,
      found: `an array of shape [${shape.join(', ')}]`,
      fix: turned
        ? 'save it transposed, as [12, samples]'
        : 'save it as [12, samples], I, II, III, aVR, aVL, aVF, V1 to V6',
    });
  }
  checkSize(path, leads, samples);
  const scaled = splitChannels(signal, leads).every(spansOne);
  const warnings: EcgWarning[] = [];
  if (sampleRate === undefined) {
    warnings.push({
      reason: 'sample-rate',
      text: `A .npy file does not contain its sample rate: ${publishedRate} Hz was assumed; pass sampleRate if it differs.`,
    });
  }
  const preprocessed =
    'Every lead spans -1 to 1: the record looks preprocessed, and models that scale and filter should be told not to.';
  if (scaled) warnings.push({ reason: 'preprocessed', text: preprocessed });
  return { leads: [...standardLeads], sampleRate: sampleRate ?? publishedRate, signal, ...warningFields(warnings) };
}

function spansOne(values: Float32Array): boolean {
  let [minimum, maximum] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return Math.abs(minimum + 1) < 1e-4 && Math.abs(maximum - 1) < 1e-4;
}
