/**
 * Audio and ECG signals: WAV and NumPy arrays in and out, leads by name, sample-rate conversion. All of it runs in browsers,
 * too; files of every kind are read by `@hearken/signals/node` and `@hearken/signals/web`.
 *
 * @packageDocumentation
 */
export { mixToMono, type DecodedAudio } from './audio/audio.js';
export type { DecodeLimits } from './audio/decode-limits.js';
export { encodeWav } from './audio/encode-wav.js';
export type { FilterRun, PolyphaseFilter, ResampleEngine, SignalPart } from './audio/resample-filter.js';
export { createResampler, resample, resampledLength, type Resample, type Resampler } from './audio/resample.js';
export { decodeWav } from './audio/wav.js';
export { ecgExtensions, isEcgFile, type ReadEcgOptions } from './ecg/ecg-files.js';
export type { EcgRecord } from './ecg/ecg-record.js';
export { fillGaps } from './ecg/fill-gaps.js';
export { findLeads, selectLeads } from './ecg/lead-names.js';
export { parseEcgNpy } from './ecg/parse-ecg-npy.js';
export { readNpy, writeNpy, type NpyArray } from './npy.js';
