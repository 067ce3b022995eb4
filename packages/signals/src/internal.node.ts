/** What Hearken's packages share of this one on Node.js. Not for others: names here change without notice. */
export { withPlainSound, type PlainSound } from './audio/plain-sound.node.js';
export { checkMonoLength, decodeMonoFile, type MonoFile } from './audio/read-audio.node.js';
export { levelWarning } from './ecg/ecg-level.js';
export { isEcg } from './ecg/read-ecg-file.node.js';
