/**
 * Reads audio and ECG files in a web page. Decoders are loaded on first use.
 *
 * @packageDocumentation
 */
import { resample } from './audio/resample.js';
import type { DecodeRequest, DecodeScope } from './web/decode-messages.js';
import type { DecodeAudioOptions, MonoAudio } from './web/mono-audio.js';
import type { EcgRecord, ReadEcgFilesOptions } from './web/read-ecg-files.js';

export { readNpy, writeNpy, type NpyArray } from './npy.js';
export type { DecodeScope } from './web/decode-messages.js';
export type { DecodeAudioOptions, MonoAudio } from './web/mono-audio.js';
export type { EcgRecord, ReadEcgFilesOptions } from './web/read-ecg-files.js';

/**
 * Decodes an audio file in a web page, and mixes it down to the mean of its channels.
 *
 * @param file its `name`, if it has one, is used in errors
 * @returns samples in [-1, 1] and their rate in Hz
 * @throws AudioError for a file that is longer than `maximumSeconds` (default 1800), damaged, a video, or not audio,
 *   saying what it looks like; the abort signal's reason
 */
export async function decodeAudioFile(
  file: Blob & { readonly name?: string },
  options?: DecodeAudioOptions,
): Promise<MonoAudio> {
  const module = await import('./web/decode-audio-file.js');
  return module.decodeAudioFile(file, options);
}

/**
 * Decodes compressed audio in a worker that does nothing else, so that it can be terminated whatever a file does to a decoder.
 * The worker's module is this one call; the option `decodeWorker` of {@link decodeAudioFile} starts the worker.
 *
 * @param scope the worker's `self`
 */
export function serveAudioDecoding(scope: DecodeScope): void {
  // The listener must exist before the first message arrives, and decoders load with it.
  scope.addEventListener('message', ({ data }: MessageEvent<DecodeRequest>) => {
    void import('./web/serve-decoding.web.js').then(({ answerDecoding }) => answerDecoding(scope, data));
  });
}

/**
 * Changes a signal's sample rate. There is no delay: output `m` is the band-limited signal at `m / to` seconds.
 *
 * @param samples `[samples]`; returned as it is when both rates are equal
 * @param from its rate in Hz, not always a whole number
 * @param to the desired rate in Hz
 * @returns `[round(samples * to / from)]`
 * @throws AudioError for unsupported rates
 */
export function resampleSignal(samples: Float32Array, from: number, to: number): Promise<Float32Array> {
  return resample(samples, from, to);
}

/**
 * Reads the ECGs among files in a web page: WFDB records (a `.hea` with the signal files and segments that it names),
 * EDF, EDF+ and BDF, CSV with a header of lead names, and `.npy` of `[12, samples]`.
 *
 * @returns one record per header, EDF, CSV or array, each with the 12 standard leads unless others are requested,
 *   `[leads, samples]` in mV, at the file's rate
 * @throws AudioError or FileError naming the file
 */
export async function readEcgFiles(files: readonly File[], options?: ReadEcgFilesOptions): Promise<EcgRecord[]> {
  const module = await import('./web/read-ecg-files.js');
  return module.readEcgFiles(files, options);
}

/**
 * Sorts ECG files by record, so that a damaged one, for which {@link readEcgFiles} throws, doesn't affect the others: a
 * WFDB header comes with the signal files and segments that it names, every other file alone.
 *
 * @returns the files of each record, to be read separately; the one that names the record comes first
 */
export async function ecgRecordsOf(files: readonly File[]): Promise<File[][]> {
  const module = await import('./web/read-ecg-files.js');
  return module.ecgRecordsOf(files);
}
