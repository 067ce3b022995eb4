import { viewOf, type BlockDecoder, type Coding } from './sound-layout.js';

/** Step sizes and their changes (IMA Digital Audio Focus and Technical Working Group, 1992). */
const imaSteps = Int16Array.of(
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  16,
  17,
  19,
  21,
  23,
  25,
  28,
  31,
  34,
  37,
  41,
  45,
  50,
  55,
  60,
  66,
  73,
  80,
  88,
  97,
  107,
  118,
  130,
  143,
  157,
  173,
  190,
  209,
  230,
  253,
  279,
  307,
  337,
  371,
  408,
  449,
  494,
  544,
  598,
  658,
  724,
  796,
  876,
  963,
  1060,
  1166,
  1282,
  1411,
  1552,
  1707,
  1878,
  2066,
  2272,
  2499,
  2749,
  3024,
  3327,
  3660,
  4026,
  4428,
  4871,
  5358,
  5894,
  6484,
  7132,
  7845,
  8630,
  9493,
  10442,
  11487,
  12635,
  13899,
  15289,
  16818,
  18500,
  20350,
  22385,
  24623,
  27086,
  29794,
  32767,
);
const imaChanges = Int8Array.of(-1, -1, -1, -1, 2, 4, 6, 8);

/** The state of one channel's decoder: the last sample, and the index of its step. */
interface ImaState {
  sample: number;
  index: number;
}

function imaSample(state: ImaState, code: number): number {
  const step = imaSteps[state.index];
  // Each part is truncated separately, like in the standard's adder, not their sum.
  let difference = step >> 3;
  if (code & 4) difference += step;
  if (code & 2) difference += step >> 1;
  if (code & 1) difference += step >> 2;
  state.sample = clip16(code & 8 ? state.sample - difference : state.sample + difference);
  state.index = Math.min(88, Math.max(0, state.index + imaChanges[code & 7]));
  return state.sample / 32_768;
}

/**
 * IMA ADPCM in WAV (Microsoft, "Multimedia Standards Update", 1994): a block begins with a header of four bytes per
 * channel, which contains its first sample, and continues with groups of eight samples, four bytes per channel in turn.
 *
 * @param blockBytes for all channels
 */
export function imaWavCoding(channels: number, blockBytes: number): Coding {
  const head = 4 * channels;
  const framesOf = (bytes: number) => (bytes < head ? 0 : 1 + 8 * Math.floor((bytes - head) / head));
  const decode: BlockDecoder = (bytes, frames, targets, at) => {
    const view = viewOf(bytes);
    const blockFrames = framesOf(blockBytes);
    for (let first = 0, block = 0; first < frames; first += blockFrames, block += blockBytes) {
      const count = Math.min(blockFrames, frames - first);
      targets.forEach((target, channel) => {
        const state = {
          sample: view.getInt16(block + 4 * channel, true),
          index: Math.min(88, bytes[block + 4 * channel + 2]),
        };
        target[at + first] = state.sample / 32_768;
        for (let index = 0; index < count - 1; index += 1) {
          const byte = bytes[block + head + (index >> 3) * head + 4 * channel + ((index & 7) >> 1)];
          target[at + first + 1 + index] = imaSample(state, index & 1 ? byte >> 4 : byte & 15);
        }
      });
    }
  };
  return {
    name: 'IMA ADPCM',
    blockBytes,
    blockFrames: framesOf(blockBytes),
    partialFrames: framesOf,
    decoder: () => decode,
  };
}

const quickTimePacketBytes = 34;
const quickTimePacketFrames = 64;

/**
 * IMA ADPCM in QuickTime, AIFC and CAF (`ima4`; Apple, Technical Note TN1081): packets of 34 bytes per channel with 64
 * samples each. A packet's header has the upper nine bits of the previous sample; as in QuickTime, the sample itself is
 * kept if it agrees with them.
 */
export function imaQuickTimeCoding(channels: number): Coding {
  return {
    name: 'IMA ADPCM (ima4)',
    blockBytes: quickTimePacketBytes * channels,
    blockFrames: quickTimePacketFrames,
    decoder: () => {
      const states = Array.from({ length: channels }, (): ImaState => ({ sample: 0, index: 0 }));
      return (bytes, frames, targets, at) => {
        const view = viewOf(bytes);
        for (let first = 0, packet = 0; first < frames; first += quickTimePacketFrames) {
          const count = Math.min(quickTimePacketFrames, frames - first);
          for (let channel = 0; channel < channels; channel += 1, packet += quickTimePacketBytes) {
            const state = states[channel];
            const head = view.getInt16(packet);
            const sample = (head >> 7) << 7;
            const index = Math.min(88, head & 127);
            if (state.index !== index || Math.abs(sample - state.sample) > 127) state.sample = sample;
            state.index = index;
            for (let number = 0; number < count; number += 1) {
              const byte = bytes[packet + 2 + (number >> 1)];
              targets[channel][at + first + number] = imaSample(state, number & 1 ? byte >> 4 : byte & 15);
            }
          }
        }
      };
    },
  };
}

const microsoftSteps = Int16Array.of(230, 230, 230, 230, 307, 409, 512, 614, 768, 614, 512, 409, 307, 230, 230, 230);

/** The seven pairs of predictor coefficients at the start of every file's list, divided by 256. */
export const microsoftCoefficients: readonly (readonly [number, number])[] = [
  [256, 0],
  [512, -256],
  [0, 0],
  [192, 64],
  [240, 0],
  [460, -208],
  [392, -232],
];

/**
 * Microsoft ADPCM (Microsoft, "Multimedia Standards Update", 1994): a block begins, for all channels in turn, with the
 * predictor's number, the step, and the second and first sample; then half a byte per sample, upper half first.
 *
 * @param blockBytes for all channels
 * @param coefficients the file's own list
 */
export function microsoftCoding(
  channels: number,
  blockBytes: number,
  coefficients: readonly (readonly [number, number])[],
): Coding {
  const head = 7 * channels;
  const framesOf = (bytes: number) => (bytes < head ? 0 : 2 + Math.floor((2 * (bytes - head)) / channels));
  const blockFrames = framesOf(blockBytes);
  const decode: BlockDecoder = (bytes, frames, targets, at) => {
    const view = viewOf(bytes);
    for (let first = 0, block = 0; first < frames; first += blockFrames, block += blockBytes) {
      const count = Math.min(blockFrames, frames - first);
      targets.forEach((target, channel) => {
        const [gain1, gain2] = coefficients[Math.min(coefficients.length - 1, bytes[block + channel])];
        const word = (number: number) => view.getInt16(block + channels + 2 * (number * channels + channel), true);
        let step = word(0);
        let last = word(1);
        let before = word(2);
        target[at + first] = before / 32_768;
        if (count > 1) target[at + first + 1] = last / 32_768;
        for (let index = 2; index < count; index += 1) {
          const nibble = (index - 2) * channels + channel;
          const byte = bytes[block + head + (nibble >> 1)];
          const code = nibble & 1 ? byte & 15 : byte >> 4;
          const predicted = (last * gain1 + before * gain2) >> 8;
          before = last;
          last = clip16(predicted + (code & 8 ? code - 16 : code) * step);
          step = Math.max(16, (microsoftSteps[code] * step) >> 8);
          target[at + first + index] = last / 32_768;
        }
      });
    }
  };
  return { name: 'Microsoft ADPCM', blockBytes, blockFrames, partialFrames: framesOf, decoder: () => decode };
}

function clip16(value: number): number {
  return value < -32_768 ? -32_768 : value > 32_767 ? 32_767 : value;
}
