/** For Hearken's other packages only, on Node.js: names here change without notice. */
export { withPlainSound, type PlainSound } from './audio/plain-sound.node.js';
export { checkMonoLength, decodeMonoFile, type MonoFile } from './audio/read-audio.node.js';
export { levelWarning } from './ecg/ecg-level.js';
export { isEcg } from './ecg/read-ecg-file.node.js';
