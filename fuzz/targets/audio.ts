import { join } from 'node:path';
import { decodeAudio } from '../../packages/signals/src/audio/decode.node.js';
import { decodeAudioFile } from '../../packages/signals/src/audio/read-audio.node.js';
import { type Target, UnsoundError } from '../engine/target.js';
import { singleFiles } from './seed-files.js';
import { writeFiles } from './write-files.js';

const places = { own: 'audio', shared: ['fixtures/files/audio', 'faults/readers', 'faults/attack/inputs'] };
const maximumSamples = 2 ** 22;

/** Containers whose samples may be floating-point numbers, and so have any value. */
const holdsFloats = /^(?:RIFF|RIFX|RF64|BW64|riff|FORM|caff|\.snd|dns\.)/;

function checkSound(bytes: Uint8Array, channels: readonly Float32Array[], sampleRate: number): void {
  const [first] = channels;
  if (first === undefined || first.length === 0) throw new UnsoundError('no sample, and no error');
  if (!channels.every(({ length }) => length === first.length)) throw new UnsoundError('channels of different lengths');
  if (!(sampleRate > 0 && sampleRate < Infinity)) throw new UnsoundError(`a sample rate of ${sampleRate} Hz`);
  if (bytes.length < 10) throw new UnsoundError(`sound of ${bytes.length} bytes`);
  const start = Buffer.from(bytes.subarray(0, bytes.length)).toString('latin1');
  if (holdsFloats.test(start) || /RIFF|RIFX|RF64|FORM|caff|riff|\.snd/.test(start)) return;
  for (const channel of channels) {
    const at = channel.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) throw new UnsoundError(`${channel[at]} at sample ${at} of a format that cannot hold it`);
  }
}

function audioTarget(name: string, pattern: RegExp): Target {
  return {
    name,
    allowed: ['AudioError'],
    seeds: () => singleFiles(places, pattern),
    async run(files) {
      const [[file, bytes]] = Object.entries(files);
      const { channels, sampleRate } = await decodeAudio(bytes, file, { maximumSamples });
      checkSound(bytes, channels, sampleRate);
    },
  };
}

/** All containers, by the names of their files. */
export const audioTargets: readonly Target[] = [
  audioTarget('wav', /\.(?:wav|rf64|bw64|rifx)$/i),
  audioTarget('wave64', /\.w64$/i),
  audioTarget('aiff', /\.(?:aiff?|aifc)$/i),
  audioTarget('caf', /\.caf$/i),
  audioTarget('au-sphere', /\.(?:au|snd|sph|sphere)$|SPHERE\.WAV$/i),
  audioTarget('mp3', /\.mp[123]$/i),
  audioTarget('flac', /\.flac$/i),
  audioTarget('ogg', /\.(?:ogg|oga|opus|spx)$/i),
  audioTarget('mp4', /\.(?:m4a|mp4|mov|m4b)$/i),
  audioTarget('adts', /\.aac$/i),
  audioTarget('webm', /\.(?:webm|mka|mkv)$/i),
  {
    ...audioTarget('any-audio', /./),
    async run(files, context) {
      const folder = await context.folder();
      await writeFiles(folder, files);
      const [[file, bytes]] = Object.entries(files);
      const { channels, sampleRate } = await decodeAudioFile(join(folder, file));
      checkSound(bytes, channels, sampleRate);
    },
    allowed: ['AudioError', 'FileError'],
  },
];
