/**
 * Audio and ECG files on Node.js. Also has all of `@hearken/signals`.
 *
 * @packageDocumentation
 */
export * from './index.js';
export { decodeAudio } from './audio/decode.node.js';
export { decodeAudioFile, readAudioFile, type ReadAudioOptions } from './audio/read-audio.node.js';
export { parseEcgCsv } from './ecg/parse-ecg-csv.node.js';
export { readEcgFile } from './ecg/read-ecg-file.node.js';
export { readWfdbRecord } from './ecg/read-wfdb.node.js';
