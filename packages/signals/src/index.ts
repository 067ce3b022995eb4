/**
 * Audio and ECG signals: reading and writing WAV and NumPy arrays, leads by name, sample-rate conversion. Everything
 * here also runs in browsers; `@hearken/signals/node` and `@hearken/signals/web` read all other kinds of files.
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
export type { EcgRecord, EcgWarningReason } from './ecg/ecg-record.js';
export { fillGaps } from './ecg/fill-gaps.js';
export { findLeads, selectLeads } from './ecg/lead-names.js';
export { parseEcgNpy } from './ecg/parse-ecg-npy.js';
export { readNpy, writeNpy, type NpyArray } from './npy.js';
