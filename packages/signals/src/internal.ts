/** For Hearken's other packages only: names here change without notice. */
export { finitePieces } from './audio/pcm/mono-sound.js';
export { describeResampler, type ResamplerDescription } from './audio/resample-filter.js';
export { resampleChannels, splitChannels } from './channels.js';
export { highPeak } from './ecg/ecg-level.js';
export { withoutGaps } from './ecg/fill-gaps.js';
export { npyHeader } from './npy.js';
